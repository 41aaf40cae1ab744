"""Templates and data specifications for partners, made from the contracts."""

from pathlib import Path

import pandas as pd

from vrn_analysis.core.config import reference_rows, template
from vrn_analysis.core.contracts import CONTRACTS, Contract, data_dictionary
from vrn_analysis.core.errors import DataError

# which tables each partner can give; a row of the file is enough for a contract to be sent
PARTNERS: dict[str, tuple[str, ...]] = {}
for _row in filter(lambda row: row["partner"], reference_rows("contract_tables.csv")):
    PARTNERS[_row["partner"]] = (*PARTNERS.get(_row["partner"], ()), _row["table"])
SENSITIVITIES = {
    "open": "About places or groups; may be published.",
    "record": "About one offence; shared under an agreement.",
    "person": "About one person, without a name; shared under an agreement.",
    "special": "Special category data about one person (UK GDPR, article 9).",
}


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


def page(partner: str) -> str:
    """Return the specification as a Markdown page."""
    contracts = contracts_of(partner)
    used = {column.sensitivity for contract in contracts for column in contract}
    return template("specification.md.j2").render(
        partner=partner,
        contracts=contracts,
        # only what the police send is mapped
        mapped=bool({"offences", "persons"} & {contract.name for contract in contracts}),
        sensitivities={name: words for name, words in SENSITIVITIES.items() if name in used},
    )


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
