"""One assessment opened: its records in the engine, its places and people, what it is about."""

import atexit
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import ibis
import pandas as pd
from IPython.display import Markdown

from vrn_analysis.core import engine, session
from vrn_analysis.core.config import SETTINGS_FILE, find_settings, varied
from vrn_analysis.core.errors import DataError
from vrn_analysis.count import classify
from vrn_analysis.count.assessment import about, extracts, needs, prepared
from vrn_analysis.count.assessment.records import Records
from vrn_analysis.read import checks
from vrn_analysis.read.police import archives, street
from vrn_analysis.read.sources import breaks, provenance

QUALITY_FIELDS = (
    "offence_code",
    "lsoa_code",
    "location_type",
    "domestic_flag",
    "sexual_flag",
    "injury_degree",
    "weapon",
)


@dataclass(frozen=True)
class Run(Records):
    """One assessment opened: its settings, its records in the engine, its places and people."""

    @property
    def quality_fields(self) -> list[str]:
        """The columns that decide what is counted and where, for the statement of quality."""
        return [name for name in QUALITY_FIELDS if name in self.records().columns]

    def prepare(self) -> None:
        """Read, check and classify every record, and keep them for other processes to open."""
        self.found()
        self.records()

    def found(self) -> pd.DataFrame:
        """Return what the checks found when the records were read, for those who hold them."""
        read = self._offences_read if self.can("definition") else self._published_read
        found = [read.problems]
        if self.can("people"):
            found += [
                self._persons_read.problems,
                checks.check_pair(self.offences, self.persons),
            ]
        return pd.concat(found, ignore_index=True)

    def problems(self) -> pd.DataFrame:
        """Return `table, column, problem, count, of, remedy` of `found`, without examples."""
        source = "offences" if self.can("definition") else "street"
        return about.problems_shown(self.found(), self.settings, source=source)

    def bounds(self) -> pd.DataFrame:
        """
        Return the headline and, where a definition is applied, the most it could be.

        Returns
        -------
        bounds
            `bound` ("IN" and "IN + UNKNOWN"; on open data "As published" only) and `count`.
        """
        if self.can("definition"):
            row = classify.bounds(self.classified()).iloc[0]
            counts = [row["count"], row["count_with_unknown"]]
            return pd.DataFrame({"bound": ["IN", "IN + UNKNOWN"], "count": counts}).astype(
                {"count": "Int64"}
            )
        headline = int(self.counted().count().execute())
        return pd.DataFrame(
            {"bound": ["As published"], "count": pd.array([headline], dtype="Int64")}
        )

    # -- what the run is about ----------------------------------------------------------------

    @property
    def measure(self) -> str:
        """What the headline counts, in words."""
        return about.measure(self.settings)

    @cached_property
    def months(self) -> pd.DatetimeIndex:
        """Every month that the run counts, in order; without those of which there are no data."""
        seen = self.counted().aggregate(
            first=ibis._.month.min(), last=ibis._.month.max()
        ).to_pandas()  # fmt: skip
        asked = self.settings.period
        first, last = asked.get("from", seen["first"][0]), asked.get("to", seen["last"][0])
        if pd.isna(first) or pd.isna(last):
            raise DataError("No record is counted, so the run has no period. See notebook 01.")
        every = pd.date_range(pd.Timestamp(first).replace(day=1), last, freq="MS", name="month")
        return every.difference(self.gaps)

    @cached_property
    def gaps(self) -> pd.DatetimeIndex:
        """
        The months within the period of which there are no data: no street-level file holds them.

        An extract does not say which months it holds: a month without a record is a count of 0.
        """
        if self.can("definition"):
            return pd.DatetimeIndex([], name="month")
        held = self.published.select("month").distinct().to_pandas()["month"]
        return archives.gaps(held, self.settings.period)

    @property
    def years(self) -> float:
        """The length of the months counted, in years."""
        return len(self.months) / 12

    @property
    def per_residents(self) -> str:
        """What a rate is per, in words; of months that are no whole years, it says it is scaled."""
        return f"per 1,000 residents {about.a_year(len(self.months))}"

    @property
    def period(self) -> str:
        """The period in words, such as April 2019 to March 2024, and the months it lacks."""
        return archives.period_in_words(self.months, self.gaps)

    @cached_property
    def breaks(self) -> pd.DataFrame:
        """Known breaks and disruptions that fall in the period, for this force or all forces."""
        classes = self.definition.classes if self.can("definition") else ()
        return breaks.breaks_of(breaks.register(), self.settings, self.months, codes=classes)

    def abilities(self) -> pd.DataFrame:
        """Return what this run can say: one row an ability, and why not where it cannot."""
        return needs.abilities(self.settings)

    @cached_property
    def sources(self) -> pd.DataFrame:
        """The register of sources: one row a file, with producer, licence and hash."""
        extract = "extract" in self.settings.sources.get("offences", {})
        found = {"offences": extracts.recorded(self.offences)} if extract else None
        return provenance.sources(self.folder, self.settings, found=found)

    def sources_shown(self) -> pd.DataFrame:
        """Return the register of sources as a reader needs it."""
        words = ["title", "producer", "licence", "covers", "published", "accessed", "rows", "file"]
        return provenance.for_readers(self.sources, audience=self.settings.audience)[words]

    def agreements_shown(self) -> pd.DataFrame:
        """Return what was agreed on each file that is not open, and what is to be done on any."""
        words = ["title", "sensitivity", "agreement", "purpose", "audiences", "retain_until"]
        partners = provenance.of_partners(self.sources)
        shown = provenance.for_readers(self.sources, audience=self.settings.audience)
        return shown.loc[partners | (self.sources["remark"] != ""), [*words, "remark"]]

    @property
    def credit(self) -> str:
        """The short stamp that goes on every chart and table."""
        return about.credit(self.settings, self.period)

    def credit_of(self, source: str) -> str:
        """Return the stamp of what is made of a source of its own, and not of the records."""
        return about.credit_of(self.settings, source, folder=self.folder)

    def stamp(self) -> Markdown:
        """Return what this run is about, to show at the top of every notebook and page."""
        text = about.stamp(self.settings, self.period, months=len(self.months))
        return Markdown(text, metadata={"credit": self.credit})


def open_run(folder: Path | str | None = None) -> Run:
    """
    Open a run on a data folder.

    Parameters
    ----------
    folder
        The data folder; without it the one named by the environment variable `VRN_DATA`, and
        without that the synthetic sample, which is made on first use. `VRN_EDITION` may hold what
        an edition of the briefing changes in its settings.

    Raises
    ------
    SettingsError, DataError
        If the folder, its settings or its files cannot be used.
    AgreementError
        If a source's agreement does not allow the audience, or its time is over.
    """
    asked = session.current()
    folder = folder or asked.data
    if not folder:
        from vrn_analysis import sample  # its imports cost time that a real run need not spend

        folder = sample.ensure()
    folder = Path(folder).resolve()
    own = (folder / SETTINGS_FILE).exists()
    forces = frozenset() if own or not folder.is_dir() else street.forces_in(folder)
    settings = varied(find_settings(folder, forces=forces), asked.edition)
    prepared.require_agreements(folder, settings, today=asked.today)
    stack = ExitStack()
    atexit.register(stack.close)
    place = prepared.place(folder, settings)
    return Run(folder, settings, stack.enter_context(engine.connect()), place, asked)
