"""One assessment opened: its records in the engine, its places and people, what it is about."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import ibis
import pandas as pd
from ibis.backends import BaseBackend
from IPython.display import Markdown

from vrn_analysis import checks, classify, definition
from vrn_analysis.assessment import about, census, extracts, needs, prepared
from vrn_analysis.assessment.places import Places
from vrn_analysis.classify.columns import complete
from vrn_analysis.contracts import OFFENCES, PERSONS, Contract
from vrn_analysis.errors import DataError
from vrn_analysis.session import Session
from vrn_analysis.sources import archives, breaks, provenance

QUALITY_FIELDS = (
    "offence_code",
    "lsoa_code",
    "location_type",
    "domestic_flag",
    "sexual_flag",
    "injury_degree",
    "weapon",
)

# special category data that no chapter uses: `Run.read` has them
LEFT_OUT = ("officer_observed_ethnicity",)

# a record that has none is on no map: maps ask whether the columns are there
COORDINATES = ("easting", "northing")


@dataclass(frozen=True)
class Run(Places):
    """
    One assessment opened: its settings, its records in the engine, its places and people.

    Records are Ibis tables and stay in the engine; places, populations and deprivation are pandas.
    `place` is the folder in which records are kept once they are prepared, if there is one.
    """

    connection: BaseBackend
    place: Path | None = None
    session: Session = field(default_factory=Session)

    # -- records -----------------------------------------------------------------------------

    @cached_property
    def _offences_read(self) -> checks.Checked:
        self.require("definition")
        return self._prepared("offences", lambda: self.read(OFFENCES))

    @cached_property
    def _persons_read(self) -> checks.Checked:
        self.require("people")
        return self._prepared("persons", self._read_persons)

    @property
    def offences(self) -> ibis.Table:
        """The recorded crimes, by the `offences` contract."""
        return self._offences_read.table

    @property
    def persons(self) -> ibis.Table:
        """The victims and suspects, by the `persons` contract, but for what no chapter uses."""
        return self._persons_read.table

    @cached_property
    def definition(self) -> definition.Definition:
        """The definition this run applies."""
        self.require("definition")
        return definition.load(self.settings.definition)

    def _classify(self) -> checks.Checked:
        persons = self.persons if self.can("people") else None
        labelled = classify.classify(
            self.offences,
            persons,
            definition=self.definition,
            **self.limits,
        )
        if self.place is None:
            labelled = self.connection.create_table("classified", labelled, temp=True)
        return replace(self._offences_read, table=labelled)

    @cached_property
    def _classified(self) -> ibis.Table:
        self.require("definition")
        return prepared.records(self.connection, self.place, "classified", self._classify).table

    def prepare(self) -> None:
        """Read, check and classify every record, and keep them for other processes to open."""
        self.found()
        self.records()

    def classified(self) -> ibis.Table:
        """
        Return every record with its outcome and reasons under the run's definition.

        Raises
        ------
        NotInThisRun
            On open data.
        """
        return self._classified

    @cached_property
    def _published_read(self) -> checks.Checked:
        return self._prepared("street", self._read_street)

    @property
    def published(self) -> ibis.Table:
        """Open street-level records as published, every category."""
        return self._published_read.table

    def records(self) -> ibis.Table:
        """Return every record read, counted or not, with its `month` (first day)."""
        if not self.can("definition"):
            return self.published
        records = self.classified()
        named = (self.definition.period_date, "occurred_from")
        day = ibis.coalesce(*(records[name].cast("date") for name in named))
        return records.mutate(month=day.truncate("M"))

    def counted(self) -> ibis.Table:
        """
        Return the records behind the headline: IN under the definition, or as published.

        Returns
        -------
        counted
            One row an offence: `offence_id, month, lsoa_code, crime_group`, and, where a
            definition was applied, everything else `classify` adds.
        """
        records = self.records()
        if self.can("definition"):
            return records.filter(records.outcome == "IN")
        of_interest = records.crime_type == self.settings.headline_category
        return records.filter(of_interest).rename(crime_group="crime_type")

    @property
    def quality_fields(self) -> list[str]:
        """The columns that decide what is counted and where, for the statement of quality."""
        return [name for name in QUALITY_FIELDS if name in self.records().columns]

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

    @property
    def limits(self) -> dict:
        """The period and the small areas that records must lie in, as `classify` takes them."""
        asked = self.settings.period
        period = (asked["from"], asked["to"]) if asked else None
        # without a lookup nobody can say which small areas are outside
        codes = self.lookup["lsoa_code"].tolist() if self.can("places") else None
        return {"period": period, "area_codes": codes}

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

    # -- reading ------------------------------------------------------------------------------

    def _prepared(self, source: str, read: Callable[[], checks.Checked]) -> checks.Checked:
        checked = prepared.records(self.connection, self.place, source, read)
        extracts.note_rows(self.settings, source, checked.rows_valid, output=self.session.output)
        return checked

    def _read_persons(self) -> checks.Checked:
        checked = self.read(PERSONS)
        return replace(checked, table=checked.table.drop(*LEFT_OUT))

    def _read_street(self) -> checks.Checked:
        read = extracts.open_street(self.connection, self.folder, self.settings)
        table, recoded = self._of_one_census(read.table, "lsoa_code", name="street")
        return replace(read, table=table, problems=pd.concat([read.problems, recoded]))

    def read(self, contract: Contract) -> checks.Checked:
        """Read and check the offences or persons anew, with every column of their contract."""
        checked = extracts.open_source(self.connection, self.folder, self.settings, contract)
        column = {"offences": "lsoa_code", "persons": "home_lsoa_code"}[contract.name]
        table, found = self._of_one_census(checked.table, column, name=contract.name)
        # what a force does not record is not known: no section fails for want of a column
        known = [c for c in contract if c.name in table.columns or c.name not in COORDINATES]
        table = complete(table, replace(contract, columns=tuple(known)))
        return replace(checked, table=table, problems=pd.concat([checked.problems, found]))

    def _of_one_census(
        self, records: ibis.Table, column: str, *, name: str
    ) -> tuple[ibis.Table, pd.DataFrame]:
        if column not in records.columns or not self.can("places"):
            return records, pd.DataFrame()
        table, found = records, pd.DataFrame()
        if self._replacements is not None:
            table, found = census.recode(records, column, self._replacements, table=name)
        if len(found):
            table = self.connection.create_table(ibis.util.gen_name(name), table, temp=True)
        if name == "persons":  # people live anywhere
            return table, found
        strange = census.unknown(table, column, self._small_areas["lsoa_code"], table=name)
        return table, pd.concat([each for each in (found, strange) if len(each)] or [found])
