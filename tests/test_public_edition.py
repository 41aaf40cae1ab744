"""A public edition says of homicide how many there were, and nothing else."""

import pytest

from vrn_analysis.briefing.guard import public_edition
from vrn_analysis.core.errors import DisclosureError

PAGE = '<img alt="{alt}"><figcaption>Figure</figcaption>'


def saved(tmp_path, text, name="03_groups"):
    folder = tmp_path / "tables"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "text",
    [
        "crime_group,count,statistic\nHomicide,20,count\nRobbery,90,count\n",
        # a rate of something else, and of homicide only together with much more
        "crime_group,value,statistic\nRobbery,2.1,crude rate per 1000\n",
        "group,value,statistic\nHomicide or violence with injury,2.1,crude rate per 1000\n",
        "crime_group,area_name,count\nHomicide,All,20\nRobbery,Ashby,9\n",
        # the stamp may name the crime
        "area_name,count,stamp\nAshby,9,Homicide and other violence\n",
    ],
)
def test_what_may_stand(tmp_path, text):
    public_edition.check(saved(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("crime_group,value,statistic\nHomicide,0.04,crude rate per 1000\n", "a rate"),
        ("crime_group,area_name,count\nHomicide,Ashby,5\n", "by place (area_name)"),
        ("crime_group,msoa_code,count\nHomicide,E02,5\n", "by place (msoa_code)"),
        ("group,sex,count\nHomicide,Male,15\n", "homicide by sex"),
        ("measure,age_group,count\nNon-domestic homicide,10 to 17,5\n", "by age_group"),
        ("crime_group,cost\nHomicide,3200000\n", "a cost"),
        ("offence,area_name,count\nMurder,Ashby,5\n", "by place"),
    ],
)
def test_what_stops_it(tmp_path, text, told):
    with pytest.raises(DisclosureError) as fault:
        public_edition.check(saved(tmp_path, text))
    assert told in str(fault.value)
    assert "03_groups.csv" in str(fault.value)
    for number in ("0.04", "3200000", "15"):
        assert number not in str(fault.value)


def test_everything_is_told_at_once(tmp_path):
    saved(tmp_path, "crime_group,cost\nHomicide,1\n", "10_costs")
    saved(tmp_path, "crime_group,area_name\nHomicide,Ashby\n", "06_places")
    with pytest.raises(DisclosureError, match="2 places say more.*06_places.*10_costs"):
        public_edition.check(tmp_path)


@pytest.mark.parametrize(
    ("alt", "refused"),
    [
        ("Map of homicides by middle area: half lie in the centre", True),
        ("Map of serious violence by middle area", False),
        ("Map of homicide or violence with injury by middle area", False),
        ("Bar chart: offences. Homicide is the smallest group", False),
    ],
)
def test_a_map_of_homicide_is_refused(tmp_path, alt, refused):
    (tmp_path / "06_hotspots.html").write_text(PAGE.format(alt=alt))
    found = public_edition.page_problems((tmp_path / "06_hotspots.html").read_text())
    assert bool(found) is refused
    if refused:
        with pytest.raises(DisclosureError, match="a map of homicide"):
            public_edition.check(tmp_path)
