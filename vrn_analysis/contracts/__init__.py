"""
What every table must hold: columns, types, units, allowed values, sensitivity.

A contract is data. The data dictionary, the templates sent to partners and the checks are all
made from it. Unknown is null, never a sentinel such as -1, "N/K" or 99.
"""

import pandas as pd

from vrn_analysis.contracts.columns import Column, Contract, Sensitivity, Type
from vrn_analysis.contracts.health import (
    ADMISSIONS,
    AMBULANCE,
    AMBULANCE_COUNTS,
    ATTENDANCE_COUNTS,
    ATTENDANCES,
    HEALTH,
)
from vrn_analysis.contracts.places import (
    ASSET_POINTS,
    CUSTOM_AREAS,
    DEPRIVATION,
    LOOKUP,
    OTHER_FORCES,
    POPULATION,
    SMALL_AREA_CHANGE,
    WORKDAY_POPULATION,
)
from vrn_analysis.contracts.records import (
    ETHNIC_GROUPS,
    INJURIES,
    OFFENCES,
    PERSONS,
    PRECISIONS,
    RELATIONSHIPS,
    ROLES,
    SEXES,
    STATUSES,
    UNCLEAR,
    WEAPONS,
)

__all__ = [
    "ADMISSIONS",
    "AMBULANCE",
    "AMBULANCE_COUNTS",
    "ASSET_POINTS",
    "ATTENDANCES",
    "ATTENDANCE_COUNTS",
    "CONTRACTS",
    "CUSTOM_AREAS",
    "DEPRIVATION",
    "ETHNIC_GROUPS",
    "HEALTH",
    "INJURIES",
    "LOOKUP",
    "OFFENCES",
    "OTHER_FORCES",
    "PERSONS",
    "POPULATION",
    "PRECISIONS",
    "RELATIONSHIPS",
    "ROLES",
    "SEXES",
    "SMALL_AREA_CHANGE",
    "STATUSES",
    "UNCLEAR",
    "WEAPONS",
    "WORKDAY_POPULATION",
    "Column",
    "Contract",
    "Sensitivity",
    "Type",
    "data_dictionary",
]

CONTRACTS = {
    contract.name: contract
    for contract in (
        OFFENCES, PERSONS, LOOKUP, POPULATION, DEPRIVATION,
        SMALL_AREA_CHANGE, CUSTOM_AREAS, WORKDAY_POPULATION, ASSET_POINTS, OTHER_FORCES,
        ATTENDANCES, ATTENDANCE_COUNTS, AMBULANCE, AMBULANCE_COUNTS, ADMISSIONS,
    )
}  # fmt: skip


def data_dictionary() -> pd.DataFrame:
    """
    Return every column of every contract: one row a column, in the order of the contracts.

    Returns
    -------
    dictionary
        `table, column, type, unit, allowed, required, nullable, sensitivity, description`.
    """
    return pd.DataFrame(
        {
            "table": contract.name,
            "column": column.name,
            "type": column.type,
            "unit": column.unit,
            "allowed": ", ".join(column.allowed),
            "required": column.required,
            "nullable": column.nullable,
            "sensitivity": column.sensitivity,
            "description": column.description,
        }
        for contract in CONTRACTS.values()
        for column in contract
    )
