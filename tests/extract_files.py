"""Small extracts and their mappings, for several test files."""

from pathlib import Path

from vrn_analysis.core.contracts import OFFENCES, PERSONS
from vrn_analysis.read.extracts import extract
from vrn_analysis.read.extracts.mapping import from_content, load

HEAD = "Crime No,Date,Victim Ref,Suspect Ref\n"
MAPPING = {"columns": {"offence_id": "Crime No", "occurred_from": "Date"}, "repeats": "fold"}


def mapped(given):
    """Return a mapping from a file or from its content."""
    return (
        load(given) if isinstance(given, Path) else from_content(given, file=Path("mapping.toml"))
    )


def content_of(*, offences=None, suspects=None, persons=False, repeats="fold"):
    columns = {"offence_id": "Crime No", "occurred_from": "Date"} | (offences or {})
    content = {"offences": {"columns": columns, "repeats": repeats}}
    if persons:
        for party, more in (("victim", {}), ("suspect", suspects or {})):
            own = {"offence_id": "Crime No", "person_ref": f"{party.capitalize()} Ref"} | more
            content[f"{party}s"] = {"columns": own, "repeats": repeats}
    return content


def read(connection, folder, text, *, persons=False, **more):
    """Read the text of a CSV as offences, and as persons where asked."""
    file = folder / "extract.csv"
    file.write_text(text, encoding="utf-8")
    mapping = mapped(content_of(persons=persons, **more))
    contracts = (OFFENCES, PERSONS) if persons else (OFFENCES,)
    return [extract.read(connection, file, mapping, contract) for contract in contracts]
