"""The records of a run: read and checked, classified, counted; kept once they are prepared."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import ibis
import pandas as pd
from ibis.backends import BaseBackend

from vrn_analysis.core import definition
from vrn_analysis.core.contracts import OFFENCES, PERSONS, Contract
from vrn_analysis.core.session import Session
from vrn_analysis.count import classify
from vrn_analysis.count.assessment import extracts, prepared
from vrn_analysis.count.assessment.places import Places
from vrn_analysis.count.classify.columns import complete
from vrn_analysis.read import checks

# special category data that no chapter uses: `Run.read` has them
LEFT_OUT = ("officer_observed_ethnicity",)

# a record that has none is on no map: maps ask whether the columns are there
COORDINATES = ("easting", "northing")


@dataclass(frozen=True)
class Records(Places):
    """
    The records of a run, as Ibis tables that stay in the engine.

    `place` is the folder in which records are kept once they are prepared, if there is one.
    """

    connection: BaseBackend
    place: Path | None = None
    session: Session = field(default_factory=Session)

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

    @property
    def limits(self) -> dict:
        """The period and the small areas that records must lie in, as `classify` takes them."""
        asked = self.settings.period
        period = (asked["from"], asked["to"]) if asked else None
        # without a lookup nobody can say which small areas are outside
        codes = self.lookup["lsoa_code"].tolist() if self.can("places") else None
        return {"period": period, "area_codes": codes}

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
            table, found = extracts.recode(records, column, self._replacements, table=name)
        if len(found):
            table = self.connection.create_table(ibis.util.gen_name(name), table, temp=True)
        if name == "persons":  # people live anywhere
            return table, found
        strange = extracts.unknown(table, column, self._small_areas["lsoa_code"], table=name)
        return table, pd.concat([each for each in (found, strange) if len(each)] or [found])
