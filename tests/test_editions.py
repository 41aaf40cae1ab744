"""Editions: what is asked for, what each is made of, and what stands on it."""

import stat
import sys

import briefing_notebooks as toy
import pytest
from bs4 import BeautifulSoup
from typer.testing import CliRunner

from vrn_analysis.briefing import assembly, pages, place, report
from vrn_analysis.briefing.content import board
from vrn_analysis.briefing.content.chapters import Chapter
from vrn_analysis.briefing.guard import gate
from vrn_analysis.briefing.outputs import printing
from vrn_analysis.briefing.plan import editions, notebooks, subject
from vrn_analysis.briefing.plan.editions import Asked
from vrn_analysis.briefing.run import cache, kernels
from vrn_analysis.commands import cli
from vrn_analysis.core import config
from vrn_analysis.core.errors import AgreementError, AssessmentError
from vrn_analysis.count.assessment import needs

# names that somebody could give a place
NAMES = [
    'St "Anne\'s" & <script>alert(1)</script>',
    "Llŷn, Møre & Sainte-Thérèse",
    "=HYPERLINK(1)",
    "A" * 200,
    "A" * 199 + "B",
]
TO_RUN = ("00_start_here", "03_scale", "12_briefing")


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("VRN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "package_hash", lambda: "the package")
    monkeypatch.setattr(printing, "browser", lambda: "")


@pytest.fixture
def data(tmp_path):
    """Return a data folder whose districts have the names above."""
    folder = toy.data_folder(tmp_path / "data", kind="force")
    quoted = [name.replace('"', '""') for name in NAMES]
    rows = [f'L{n},"s",M{n},"m",D{n},"{name}"' for n, name in enumerate(quoted)]
    head = "lsoa_code,lsoa_name,msoa_code,msoa_name,district_code,district_name"
    (folder / "lookup.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    settings = folder / "assessment.toml"
    settings.write_text(
        settings.read_text()
        + 'agreement = "Sharing"\naudiences = ["public"]\n'
        + '[sources.lookup]\npath = "lookup.csv"\ntitle = "Small areas"\n'
        + 'sensitivity = "open"\n'
    )
    return folder


@pytest.fixture
def folder(tmp_path):
    for name in TO_RUN:
        toy.write(tmp_path / "nb", name, toy.words("## A section\n\nText."), toy.finding())
    for name in ("20_quarterly_pack", "21_one_area"):
        toy.write(tmp_path / "nb" / "editions", name, toy.words("## A\n\nText."), toy.finding())
    return tmp_path / "nb"


@pytest.fixture
def executed(monkeypatch):
    """Notebooks are 'run' by noting what each would have been run with."""
    seen = []

    def execute(jobs, *, data, tell):
        for job in jobs:
            seen.append((job.name, job.edition))
            job.output.mkdir(parents=True)
            tell(kernels.Executed(job.name, job.notebook, 0.1))

    monkeypatch.setattr(kernels, "execute", execute)
    return seen


def planned(data, folder, **asked):
    return editions.plan(subject.open_subject(data), Asked(**asked), folder=folder)


def told(plans):
    return [(plan.edition.name, plan.folder) for plan in plans]


# -- what is asked for ----------------------------------------------------------------------------


def test_the_first_edition_lies_at_the_top_and_the_others_below_it(data, folder):
    assert told(planned(data, folder)) == [("full", "")]
    assert told(planned(data, folder, editions=("public", "quarterly"))) == [
        ("quarterly", ""),
        ("public", "public"),
    ]
    # the full briefing holds the Board summary; areas are only made where they are named
    assert told(planned(data, folder, editions=("all",))) == [
        ("full", ""),
        ("easy", "easy"),
        ("quarterly", "quarterly"),
        ("public", "public"),
    ]
    assert told(planned(data, folder, editions=("board",))) == [("board", "")]


def test_each_edition_has_its_notebooks(data, folder):
    plans = planned(data, folder, editions=("all",), areas=("=hyperlink(1) ",))
    assert [[file.stem for file in plan.files] for plan in plans] == [
        list(TO_RUN),
        list(TO_RUN),
        ["20_quarterly_pack"],
        ["21_one_area"],
        list(TO_RUN),
    ]
    assert not any(plan.partial for plan in plans)
    [part] = planned(data, folder, only=("3",))
    assert part.partial


def test_an_edition_is_a_change_of_settings(data, folder):
    asked = {"editions": ("all",), "areas": (NAMES[2],), "to": "2024-03"}
    full, _, quarterly, area, public = planned(data, folder, **asked)
    assert full.subject.changes == {}
    assert quarterly.subject.changes == {"to": "2024-03"}
    assert area.subject.changes == {"area": NAMES[2]}
    assert public.subject.changes == {"audience": "public", "disclosure_profile": "nhs_round5"}
    assert public.subject.settings.audience == "public"
    assert full.subject.settings.audience == "partners"


def test_open_data_keep_their_profile_in_a_public_edition(data, folder):
    settings = data / "assessment.toml"
    settings.write_text(
        'disclosure_profile = "lt5"\n' + settings.read_text().replace("force", "open")
    )
    [public] = planned(data, folder, editions=("public",))
    assert public.subject.settings.disclosure_profile == "lt5"


@pytest.mark.parametrize("status", ["approved", " Approved"])
def test_status_and_marking_change_pages_and_run_no_notebook(data, folder, status):
    [draft] = planned(data, folder)
    [approved] = planned(data, folder, status=status, marking="OFFICIAL –  SENSITIVE\n")
    assert draft.subject.settings.status == "DRAFT"
    assert approved.subject.settings.status == "APPROVED"
    assert approved.subject.settings.marking == "OFFICIAL – SENSITIVE"
    assert approved.subject.changes == {}
    notebook = toy.notebook()
    assert cache.dependencies(notebook, draft.subject) == cache.dependencies(
        notebook, approved.subject
    )


def test_a_public_edition_has_no_protective_marking(data, folder):
    full, public = planned(data, folder, editions=("full", "public"), marking="OFFICIAL")
    assert full.subject.settings.marking == "OFFICIAL"
    assert public.subject.settings.marking == ""


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"editions": ("weekly",)}, "no edition 'weekly'. Choose from full, board, easy"),
        ({"areas": ("Atlantis",)}, "no area 'Atlantis'. Choose from St \"Anne's\""),
        ({"editions": ("area",)}, "Which area"),
        ({"editions": ("quarterly",), "to": "03/2024"}, "not a month such as 2024-03"),
        ({"editions": ("quarterly",), "to": "2024-13"}, "not a month"),
        ({"status": "final"}, "Choose from DRAFT, APPROVED"),
        ({"to": "2024-03"}, "add --edition quarterly"),
        ({"editions": ("quarterly",), "only": ("3",)}, "--only chooses chapters"),
    ],
)
def test_what_is_not_known_is_refused_with_the_choices(data, folder, asked, message):
    with pytest.raises(AssessmentError, match="(?s)" + message.replace("(", r"\(")):
        planned(data, folder, **asked)


def test_a_source_whose_agreement_forbids_it_stops_the_edition_before_it_runs(
    data, folder, executed, tmp_path
):
    with (data / "assessment.toml").open("a") as settings:
        settings.write(
            '[sources.persons]\npath = "p.csv"\nagreement = "A"\naudiences = ["partners"]\n'
        )
    with pytest.raises(AgreementError, match="persons"):
        report.build(
            tmp_path / "out", data=data, folder=folder, asked=Asked(("full", "public"), pdf=False)
        )
    assert executed == []


# -- names of places ------------------------------------------------------------------------------


def test_every_area_gets_a_folder_of_its_own_that_any_disk_can_hold(data, folder):
    plans = planned(data, folder, editions=("full",), areas=("all",))
    made = [plan.folder for plan in plans[1:]]
    assert [plan.subject.settings.area for plan in plans[1:]] == NAMES
    assert len(set(made)) == len(NAMES)
    assert all(name.isascii() and len(name) < 60 and "/" not in name for name in made)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_page_of_an_area_shows_its_name_and_runs_nothing(
    data, folder, executed, tmp_path, name
):
    output = tmp_path / "out"
    page = report.build(output, data=data, folder=folder, asked=Asked(("area",), (name,)))
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    assert name in soup.select_one(".place").get_text()
    assert soup.find("script") is None
    assert len(soup.find_all("style")) == 1
    [(notebook, edition)] = executed
    assert notebook == "21_one_area"
    settings = config.varied(config.load_settings(data / "assessment.toml"), edition)
    assert settings.area == name


# -- what stands on a page ------------------------------------------------------------------------


def build(data, folder, output, **asked):
    return report.build(output, data=data, folder=folder, asked=Asked(**asked))


@pytest.mark.slow
def test_every_page_of_every_edition_carries_status_and_marking(data, folder, executed, tmp_path):
    hostile = 'OFFICIAL "<b>" \\ SENSITIVE'
    build(data, folder, tmp_path / "out", editions=("all",), areas=(NAMES[1],), marking=hostile)
    found = list((tmp_path / "out").rglob("*.html"))
    assert len(found) >= 10
    for file in found:
        soup = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
        said = soup.select_one("header .status").get_text()
        public = file.parent.name == "public"
        assert "DRAFT: not approved" in said
        assert (hostile in said) is not public, file
        assert 'content: "DRAFT: not approved"' in soup.style.get_text()
        assert soup.find("b", string="") is None
        assert gate.page_problems(str(soup)) == []


@pytest.mark.slow
def test_the_page_of_editions_leads_to_each(data, folder, executed, tmp_path):
    output = tmp_path / "out"
    build(data, folder, output, editions=("all",), areas=(NAMES[1],), status="approved")
    soup = BeautifulSoup((output / "editions.html").read_text(encoding="utf-8"), "html.parser")
    links = {a.get_text(): a["href"] for a in soup.select(".editions h2 a")}
    assert list(links) == [
        "Full briefing",
        "Board summary",
        "Easy read",
        "Quarterly pack",
        f"Area edition: {NAMES[1]}",
        "Public edition",
        "Board summary, public",
    ]
    assert all((output / href).exists() for href in links.values())
    assert "APPROVED" in soup.main.get_text()
    # an edition in a folder of its own leads nowhere outside it
    for file in output.glob("*/*.html"):
        hrefs = [a["href"] for a in BeautifulSoup(file.read_text(), "html.parser").find_all("a")]
        assert not [href for href in hrefs if href.startswith("..")]


def test_the_board_summary_alone_links_to_nothing_it_does_not_have(
    data, folder, executed, tmp_path
):
    page = build(data, folder, tmp_path / "out", editions=("board",))
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == [
        "board.docx",
        "briefing.log",
        "index.html",
        "manifest.json",
    ]
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    assert "Board summary" in soup.title.get_text()
    assert "--edition board" in soup.footer.get_text()


@pytest.mark.slow
def test_a_briefing_may_be_approved_without_running_again(data, folder, executed, tmp_path):
    build(data, folder, tmp_path / "out")
    ran = len(executed)
    page = build(data, folder, tmp_path / "out", status="APPROVED")
    assert len(executed) == ran
    assert "DRAFT" not in page.read_text(encoding="utf-8")


# -- the ten points -------------------------------------------------------------------------------


def chapter(number, finding="<p>Found.</p>", **more):
    return Chapter(
        f"{number}_words", f"Chapter {number}", f"chapter-{number}", "", "", finding,
        about=needs.About(**toy.about(number)), **more,
    )  # fmt: skip


def test_points_come_in_a_boards_order_whatever_order_chapters_have():
    made = board.points([chapter(number) for number in ("01", "11", "03", "12", "07", "08", "00")])
    assert [(point.number, [c.number for c in point.chapters]) for point in made] == [
        (1, ["12"]),
        (3, ["03"]),
        (9, ["07", "08"]),
        (10, ["11", "01"]),
    ]


def test_a_point_asks_only_what_its_chapters_answer():
    def asked(*numbers):
        return [point.question for point in board.points([chapter(one) for one in numbers])]

    both = asked("07", "08")
    alone = [asked("07")[0], asked("08")[0]]
    assert len(both) == 1
    assert alone[0] != alone[1]
    assert both[0].count("?") == 1
    assert all(one[1:-1] in both[0] for one in alone)


def test_a_partnerships_own_chapter_makes_a_point_of_its_own_after_the_ten():
    made = board.points([chapter("03"), chapter("13"), chapter("14")])
    assert [(point.number, point.question) for point in made][1:] == [
        (11, "Chapter 13"),
        (12, "Chapter 14"),
    ]


def test_a_chapter_that_tells_nothing_makes_no_point():
    assert board.points([chapter("03", finding="")]) == []


def change_figure(*limits):
    facts = [f'<data data-fact="{at}" value="{value}">{abs(value)}</data>%'
             for at, value in enumerate(limits)]  # fmt: skip
    lines = ["No clear change", "in 2023, compared with the year before", " ".join(facts)]
    return "".join(f"<p>{line}</p>" for line in lines)


def easy_read(about, *chapters):
    page = pages.render(list(chapters), about, run="1", edition=editions.EASY_READ)["index.html"]
    return BeautifulSoup(page, "html.parser").main


@pytest.mark.parametrize(
    ("limits", "words", "icon"),
    [
        ((5, 1, 9), "It went up.", "▲"),
        ((-5, -9, -1), "It went down.", "▼"),
        ((5, -1, 9), "We cannot tell.", None),
    ],
)
def test_an_easy_read_gives_a_direction_only_by_the_interval(data, limits, words, icon):
    about = subject.open_subject(data)
    main = easy_read(about, chapter("03", first=[(2, change_figure(*limits))]))
    text = " ".join(main.get_text().split())
    assert words in text
    assert [one.get_text() for one in main.select(".icon")] == ([icon] if icon else [])
    assert f"{abs(limits[1])}% {'lower' if limits[1] < 0 else 'higher'} and 9% higher" in text or (
        limits[2] < 0
    )
    assert "We looked at 2023." in text


def test_an_easy_read_of_little_says_what_it_cannot_tell(data):
    main = easy_read(subject.open_subject(data), chapter("03"))
    assert "We cannot say yet." in main.get_text()
    assert "No plan is listed yet." in main.get_text()
    assert not main.find("data")


def test_the_projects_notebooks_mark_what_a_board_sees():
    marked = {
        int(tag.removeprefix("board-"))
        for file in notebooks.find(config.resource("notebooks"))
        for cell in notebooks.read(file).cells
        for tag in cell.metadata.get("tags", [])
        if tag.startswith("board-")
    }
    assert marked <= set(range(1, board.LAST + 1))
    assert {1, 5, 10} <= marked


def test_the_projects_notebooks_answer_every_question_of_a_board():
    asked = [needs.about_file(file) for file in notebooks.find(config.resource("notebooks"))]
    assert {one.point for one in asked if one.point} == {*range(1, board.LAST + 1)}
    assert all(one.question.endswith("?") for one in asked if one.point)


SAID = {
    "nothing": ({}, "lacks ecological"),
    "no mapping": ("chapter 3", "lacks ecological"),
    "less": ({k: v for k, v in toy.about().items() if k != "ecological"}, "lacks ecological"),
    "more": (toy.about() | {"ecologic": True}, "'ecologic', which is not known"),
    "an unknown need": (toy.about() | {"needs": ["weather"]}, "needs 'weather'"),
    "a need that is no text": (toy.about() | {"needs": [["rates"]]}, r"needs \['rates'\]"),
    "needs as text": (toy.about() | {"needs": "rates"}, "needs = 'rates', which must be a list"),
    "a point as text": (toy.about() | {"point": "3"}, "point = '3', which must be a whole number"),
    "a place as truth": (toy.about() | {"place": True}, "place = True, which must be a whole"),
    "a truth as text": (toy.about() | {"ecological": "no"}, "ecological = 'no', which must be tr"),
    "no question": (toy.about() | {"question": None}, "question = None, which must be text"),
}


@pytest.mark.parametrize("what", SAID)
def test_a_notebook_that_does_not_say_what_chapter_it_is_stops_before_anything_is_run(
    tmp_path, what
):
    said, told = SAID[what]
    file = toy.write(tmp_path / "nb", "03_scale")
    made = notebooks.read(file)
    made.metadata[needs.KEY] = said
    file.write_text(notebooks.text(made))
    about = subject.open_subject(toy.data_folder(tmp_path / "data"))
    with pytest.raises(AssessmentError, match=f"03_scale does not say what chapter it is.*{told}"):
        editions.plan(about, Asked(), folder=tmp_path / "nb")


@pytest.mark.slow
def test_what_is_marked_for_a_point_stands_in_it(data):
    cells = [toy.words("## A"), toy.chart(), toy.table(csv="tables/03_counts.csv")]
    cells += [toy.code("Markdown('Said for the **Board**.')"), toy.finding()]
    for cell in cells[1:4]:
        cell.metadata["tags"] = ["board-3"]
    job = kernels.Job("03_scale", toy.notebook(*cells, name="03"), data, data / "out")
    [ran] = kernels.execute([job], data=data)
    made = assembly.chapter(ran.notebook, name="03_scale")
    assert [number for number, _ in made.board] == [3, 3, 3]
    assert "data-board" not in made.body + "".join(html for _, html in made.board)
    html = pages.render([made], subject.open_subject(data), run="r")["board.html"]
    soup = BeautifulSoup(html, "html.parser")
    [point] = soup.select(".point")
    assert point.h2.get_text(" ", strip=True) == "1 Is it rising or falling?"
    assert len(point.find_all("img")) == len(point.find_all("table")) == 1
    assert "Said for the Board." in point.get_text()
    assert gate.page_problems(html) == []


# -- what goes wrong ------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_notebook_that_fails_half_way_keeps_what_came_before_and_the_other_chapters(
    tmp_path, data
):
    failing = [toy.words("## One\n\nFirst."), toy.code("Markdown('It got *here*.')")]
    failing += [toy.words("## Two\n\nSecond."), toy.code("raise KeyError('John Smith')")]
    failing += [toy.words("## Three\n\nNever."), toy.finding()]
    nb = tmp_path / "nb"
    toy.write(nb, "03_scale", toy.words("## A"), toy.finding())
    output = tmp_path / "out"
    report.build(output, data=data, folder=nb)
    good = (output / "index.html").read_bytes()
    toy.write(nb, "06_hotspots", *failing)
    with pytest.raises(AssessmentError, match="1 of 2 notebooks failed") as fault:
        report.build(output, data=data, folder=nb)
    kept = place.failed_folder(output)
    assert str(kept / "index.html") in str(fault.value)
    assert (output / "index.html").read_bytes() == good
    html = (kept / "06_hotspots.html").read_text(encoding="utf-8")
    soup = BeautifulSoup(html, "html.parser")
    assert "It got here." in soup.main.get_text()
    assert "stopped here: its notebook failed" in soup.select_one(".absent").get_text()
    assert "Never." not in soup.main.get_text()
    assert "John Smith" not in html
    for file in kept.glob("*.html"):
        if file.name != "editions.html":
            notice = BeautifulSoup(file.read_text(), "html.parser").select_one(".notice")
            assert "Not complete: the notebook of chapter 06 failed" in notice.get_text()
    # mended, it leaves nothing behind
    toy.write(nb, "06_hotspots", *failing[:2])
    report.build(output, data=data, folder=nb)
    assert not kept.exists()


@pytest.mark.slow
def test_two_notebooks_that_fail_and_a_part_of_two_chapters_stop_no_page(tmp_path, data):
    """An earlier version: a number with no source, "06" in "chapter 03, 06", refused them."""
    nb, output = tmp_path / "nb", tmp_path / "out"
    for name in ("03_scale", "06_hotspots", "07_health"):
        toy.write(nb, name, toy.words("## A"), toy.finding())
    report.build(output, data=data, folder=nb, asked=Asked(only=("03", "06")))
    part = BeautifulSoup((output / "index.html").read_text(), "html.parser")
    assert "chapter 03, chapter 06" in part.select_one(".notice").get_text()
    for name in ("06_hotspots", "07_health"):
        toy.write(nb, name, toy.words("## A"), toy.finding(), toy.code("1 / 0"))
    with pytest.raises(AssessmentError, match="2 of 3 notebooks failed"):
        report.build(output, data=data, folder=nb)
    html = (place.failed_folder(output) / "index.html").read_text()
    notice = BeautifulSoup(html, "html.parser").select_one(".notice").get_text()
    assert "chapter 06, chapter 07 failed" in notice


@pytest.mark.slow
def test_an_edition_of_which_nothing_ran_is_left_out_of_what_is_kept(tmp_path, data, folder):
    toy.write(folder / "editions", "20_quarterly_pack", toy.code("1 / 0"))
    output = tmp_path / "out"
    with pytest.raises(AssessmentError, match="1 of 4 notebooks failed"):
        build(data, folder, output, editions=("full", "quarterly"))
    kept = place.failed_folder(output)
    assert (kept / "03_scale.html").exists()
    assert not (kept / "quarterly").exists()
    assert "Quarterly pack" not in (kept / "editions.html").read_text()


def test_a_folder_of_somebody_elses_is_not_taken_for_a_failed_attempt(tmp_path):
    output, made = tmp_path / "briefing", tmp_path / "made"
    made.mkdir()
    kept = place.failed_folder(output)
    kept.mkdir()
    (kept / "thesis.docx").write_text("years")
    assert place.set_aside(made, output) == ""
    assert (kept / "thesis.docx").read_text() == "years"


@pytest.mark.slow
def test_a_failed_notebook_ends_the_command_with_1_and_names_what_is_kept(
    tmp_path, data, folder, monkeypatch
):
    toy.write(folder, "06_hotspots", toy.words("## A"), toy.code("1 / 0"))
    found = notebooks.find
    monkeypatch.setattr(notebooks, "find", lambda _, only=(): found(folder, only=only))
    arguments = ["briefing", "--data", str(data), "--output", str(tmp_path / "out")]
    said = CliRunner().invoke(cli.app, arguments)
    assert said.exit_code == 1
    assert "1 of 4 notebooks failed" in said.stderr
    assert "The others are in" in said.stderr


@pytest.mark.slow
@pytest.mark.parametrize("template", ["page.html.j2", "cover.html.j2", "board.html.j2"])
def test_a_broken_template_is_one_clear_error_and_the_last_briefing_stays(
    tmp_path, data, folder, executed, monkeypatch, template
):
    output = tmp_path / "out"
    build(data, folder, output)
    before = (output / "index.html").read_bytes()
    copied = tmp_path / "template"
    copied.mkdir()
    for file in pages.frame.TEMPLATE.glob("*.*"):
        (copied / file.name).write_bytes(file.read_bytes())
    (copied / template).write_text("{% for x in %}")
    monkeypatch.setattr(pages.frame, "TEMPLATE", copied)
    with pytest.raises(AssessmentError, match=f"template of {template} line 1 is broken") as fault:
        build(data, folder, output)
    assert "The last briefing is as it was" in str(fault.value)
    assert (output / "index.html").read_bytes() == before


@pytest.mark.slow
def test_an_area_without_offences_is_told_and_stops_nothing(data, folder, tmp_path):
    absent = toy.code(
        "class NotInThisRun(ValueError): ...\nraise NotInThisRun('No record is counted here.')"
    )
    toy.write(
        folder / "editions", "21_one_area", toy.words("## How much?"), absent, toy.words("## B")
    )
    page = build(data, folder, tmp_path / "out", editions=("area",), areas=(NAMES[1],))
    assert "No record is counted here." in page.read_text(encoding="utf-8")


# -- paper ----------------------------------------------------------------------------------------


@pytest.fixture
def press(tmp_path, monkeypatch):
    """A 'browser' that prints its arguments into the file it is told to write."""
    program = tmp_path / "press"
    program.write_text(
        f"#!{sys.executable}\nimport sys\n"
        "out = next(a for a in sys.argv if a.startswith('--print-to-pdf='))\n"
        "open(out.split('=', 1)[1], 'w').write('%PDF ' + ' '.join(sys.argv))\n"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(printing, "browser", lambda: str(program))
    return program


@pytest.mark.slow
def test_each_edition_is_printed_by_its_name_and_linked(data, folder, executed, tmp_path, press):
    output = tmp_path / "out"
    build(data, folder, output, editions=("full", "public", "quarterly"))
    made = sorted(file.relative_to(output).as_posix() for file in output.rglob("*.pdf"))
    assert made == [
        "board.pdf",
        "full.pdf",
        "public/board.pdf",
        "public/public.pdf",
        "quarterly/quarterly.pdf",
    ]
    soup = BeautifulSoup((output / "editions.html").read_text(), "html.parser")
    links = [a["href"] for a in soup.select(".editions .more a")]
    assert sorted(links) == made
    assert "--export-tagged-pdf" in (output / "full.pdf").read_text()


@pytest.mark.slow
def test_without_a_browser_the_log_says_so_and_the_pages_are_whole(
    data, folder, executed, tmp_path
):
    output = tmp_path / "out"
    build(data, folder, output)
    assert "no PDF: no Chromium" in (output / "briefing.log").read_text()
    assert list(output.rglob("*.pdf")) == []
    soup = BeautifulSoup((output / "editions.html").read_text(), "html.parser")
    assert soup.select(".editions .more a") == []


@pytest.mark.slow
def test_a_browser_that_cannot_print_leaves_the_pages_whole(
    data, folder, executed, tmp_path, monkeypatch
):
    monkeypatch.setattr(printing, "browser", lambda: "/nowhere/chromium")
    output = tmp_path / "out"
    build(data, folder, output)
    assert "no PDF: chromium could not print" in (output / "briefing.log").read_text()
    assert (output / "index.html").exists()
    assert list(output.rglob("*.pdf")) == []


@pytest.mark.slow
def test_pdf_can_be_left_out(data, folder, executed, tmp_path, press):
    build(data, folder, tmp_path / "out", pdf=False)
    assert list((tmp_path / "out").rglob("*.pdf")) == []


@pytest.mark.parametrize("source", ["raise SystemExit(3)", "pass"])
def test_a_browser_that_fails_is_one_clear_error(tmp_path, source):
    program = tmp_path / "broken"
    program.write_text(f"#!{sys.executable}\n{source}\n")
    program.chmod(0o755)
    page = tmp_path / "index.html"
    page.write_text("<p>x</p>")
    with pytest.raises(AssessmentError, match="--no-pdf"):
        printing.print_page(page, tmp_path / "x.pdf", program=str(program))
    assert not (tmp_path / "x.pdf").exists()


def test_a_named_browser_that_is_not_there_is_one_clear_error(tmp_path):
    with pytest.raises(AssessmentError, match=r"nowhere could not print .* VRN_CHROMIUM"):
        printing.print_page(tmp_path / "x.html", tmp_path / "x.pdf", program="/nowhere")


# -- the command ----------------------------------------------------------------------------------


@pytest.fixture
def command(monkeypatch, tmp_path):
    """Return a function that gives `vrn briefing` options, and returns what it would build."""
    seen = []

    (tmp_path / "briefing.log").write_text("")

    def build(output, **more):
        seen.append((output, more))
        return tmp_path / "index.html"

    def run(words):
        said = CliRunner().invoke(cli.app, ["briefing", *words.split()])
        assert said.exit_code == 0, said.output
        return seen[-1]

    monkeypatch.setattr(report, "build", build)
    return run


def test_options_of_the_command_reach_the_plan(command):
    words = "--edition quarterly --to 2024-03 --status approved --marking OFFICIAL --no-pdf"
    output, more = command(words + " --only 3")
    assert more["asked"] == Asked(
        ("quarterly",), (), "2024-03", "approved", "OFFICIAL", ("3",), False
    )
    assert output.name == "briefing_quarterly_03"


@pytest.mark.parametrize(
    ("words", "folder", "wanted"),
    [
        ("", "briefing", ("full",)),
        ("--area Ashby", "briefing_area_ashby", ("area",)),
        ("--edition public --area Ashby", "briefing_public_area_ashby", ("public",)),
        ("--edition all --area Ashby", "briefing", ("all",)),
        ("--edition public", "briefing_public", ("public",)),
    ],
)
def test_another_edition_never_replaces_the_full_briefing(command, words, folder, wanted):
    output, more = command(words)
    assert output.name == folder
    assert more["asked"].editions == wanted


def test_a_kernel_gets_what_the_edition_changes_and_nothing_from_the_users_shell(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("VRN_EDITION", '{"area": "somebody else\'s"}')
    common = {"data": None, "output": tmp_path, "profile": tmp_path}
    assert "VRN_EDITION" not in kernels.environment(**common)
    assert kernels.environment(**common, edition='{"to": "2024-03"}')["VRN_EDITION"] == (
        '{"to": "2024-03"}'
    )


def test_a_result_of_one_edition_is_not_taken_for_anothers(data, folder):
    full, public = planned(data, folder, editions=("full", "public"))
    notebook = toy.notebook()
    differs = {
        what
        for what, value in cache.dependencies(notebook, full.subject).items()
        if cache.dependencies(notebook, public.subject)[what] != value
    }
    assert differs == {"settings"}
