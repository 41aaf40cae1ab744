"""The fill-in template and data specification to send to a partner, made from the contracts."""

from pathlib import Path

import pandas as pd

from vrn_analysis.contracts import CONTRACTS, Contract, data_dictionary
from vrn_analysis.errors import DataError

# which tables each partner can give; a contract that is added to CONTRACTS is enough to be sent
PARTNERS = {
    "police": ("offences", "persons"),
    "emergency_department": ("attendances", "attendance_counts"),
    "ambulance": ("ambulance", "ambulance_counts"),
    "hospital": ("admissions",),
    "council": ("lookup", "custom_areas", "asset_points"),
    "public_health": ("population", "workday_population", "deprivation"),
}
SENSITIVITIES = {
    "open": "About places or groups; may be published.",
    "record": "About one offence; shared under an agreement.",
    "person": "About one person, without a name; shared under an agreement.",
    "special": "Special category data about one person (UK GDPR, article 9).",
}
RULES = """
## How to write it
- One CSV file a table, encoded as UTF-8, the headings as in the template.
- Dates as 2024-03-31, times as 2024-03-31 23:05. Codes as text: 8/6 must not become 06-Aug.
- A blank means not known. Do not write 99, -1 or N/K.
- Yes and no as yes and no. A blank is not a no.
- No names, addresses, dates of birth or free text.
- Leave out a column that you do not hold, and say so.
"""
# only what the police send is mapped
AS_EXPORTED = (
    "- Or send what your system exports, as it is: `vrn map` drafts how it is to be read.\n"
)


def contracts_of(partner: str) -> list[Contract]:
    """
    Return the contracts of the tables that a partner can give.

    Raises
    ------
    DataError
        If the partner is none of those known.
    """
    named = PARTNERS.get(partner, (partner,) if partner in CONTRACTS else ())
    if not named:
        known = ", ".join(dict.fromkeys([*PARTNERS, *CONTRACTS]))
        raise DataError(f"Unknown partner {partner!r}: choose one of {known}.")
    return [CONTRACTS[name] for name in named]


def specification(partner: str) -> pd.DataFrame:
    """
    Return the data specification for a partner: one row a column.

    Returns
    -------
    specification
        `table, column, type, unit, allowed, required, nullable, sensitivity, description`.
    """
    names = [contract.name for contract in contracts_of(partner)]
    dictionary = data_dictionary()
    return dictionary[dictionary["table"].isin(names)].reset_index(drop=True)


def _column_line(row: pd.Series) -> str:
    needed = "needed" if row["required"] else "if held"
    allowed = row["allowed"] or row["unit"] or ""
    return (
        f"| {row['column']} | {row['type']} | {needed} | {row['sensitivity']} | "
        f"{row['description']} | {allowed} |"
    )


def page(partner: str) -> str:
    """Return the specification as a Markdown page."""
    columns = specification(partner)
    contracts = contracts_of(partner)
    mapped = {"offences", "persons"} & {contract.name for contract in contracts}
    rules = RULES + AS_EXPORTED if mapped else RULES
    parts = [f"# Data specification: {partner.replace('_', ' ')}\n", rules.strip(), ""]
    for contract in contracts:
        mine = columns[columns["table"] == contract.name]
        parts += [f"## {contract.name}.csv", f"One row is {contract.one_row}."]
        if contract.key:
            parts.append(f"No two rows have the same {' + '.join(contract.key)}.")
        if contract.one_of:
            parts.append(f"At least one of {', '.join(contract.one_of)} is needed.")
        parts += [
            "",
            "| column | type | | sensitivity | what it is | allowed, or unit |",
            "|---|---|---|---|---|---|",
        ]
        parts += [_column_line(row) for _, row in mine.iterrows()]
        parts.append("")
    used = [name for name in SENSITIVITIES if name in set(columns["sensitivity"])]
    parts += ["## Sensitivity", *(f"- **{name}**: {SENSITIVITIES[name]}" for name in used)]
    return "\n".join(parts) + "\n"


def write(partner: str, folder: Path) -> list[Path]:
    """
    Write the template of each table (headings only) and the specification.

    Parameters
    ----------
    partner
        One of `PARTNERS`, or the name of a contract.
    folder
        Where to write; made if it is not there. A file there is not overwritten.

    Raises
    ------
    DataError
        If the partner is unknown, or a file is there already.
    """
    texts = {
        f"{contract.name}.csv": ",".join(contract.names) + "\n"
        for contract in contracts_of(partner)
    }
    texts["specification.csv"] = specification(partner).to_csv(index=False, lineterminator="\n")
    texts["specification.md"] = page(partner)
    if there := [name for name in texts if (folder / name).exists()]:
        raise DataError(f"{folder} has {', '.join(there)} already. Name another folder.")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return [folder / name for name in texts]
