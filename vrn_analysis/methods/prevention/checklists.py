"""Checklists of the Serious Violence Duty and of the five building blocks."""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods.rates import checks

DUTY = ("item", "asks", "part", "answered_by", "needs", "basis", "wording")
BLOCKS = ("block", "name", "means", "evidence_wanted")


def duty_checklist(
    crosswalk: pd.DataFrame, *, sections: Collection[str], lacking: Mapping[str, str]
) -> pd.DataFrame:
    """
    Return the requirements of the Serious Violence Duty, and how far this run answers each.

    Parameters
    ----------
    crosswalk
        `data/reference/duty_crosswalk.csv`: `item, asks, part, answered_by` (name of a section,
        or empty), `needs` (what else a full answer shows, joined by `;`), `basis, wording`.
    sections
        Names of the sections that this run could fill.
    lacking
        What this run does not show, by the names in `needs`, in words.

    Returns
    -------
    checklist
        The rows, `status` ("covered", "partly covered", "gap: data not supplied", "gap: no
        section covers it") and `lacks`, in words. `wording` says that the statutory wording is to
        be confirmed by the user.

    Raises
    ------
    DataError
        If a column is missing or an item repeats.
    """
    checks.require(crosswalk, DUTY, "duty crosswalk")
    if (repeated := crosswalk["item"].duplicated()).any():
        raise DataError(f"{int(repeated.sum())} items of the duty crosswalk repeat.")
    named, needs = (crosswalk[name].fillna("").astype("str") for name in ("answered_by", "needs"))
    lacks = needs.map(lambda n: "; ".join(lacking[w] for w in n.split(";") if w in lacking))
    status = np.select(
        [named == "", ~named.isin(sections), lacks != ""],
        ["gap: no section covers it", "gap: data not supplied", "partly covered"],
        default="covered",
    )
    return crosswalk.assign(status=status, lacks=lacks).astype({"status": "str", "lacks": "str"})


def building_blocks(blocks: pd.DataFrame, evidence: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Return the five building blocks of the place-based approach, each with its evidence.

    Parameters
    ----------
    blocks
        `data/reference/building_blocks.csv`: `block, name, means, evidence_wanted`.
    evidence
        The partnership's own: `block, evidence, as_at` (a date); several rows a block are joined.

    Returns
    -------
    checklist
        The blocks and `evidence, as_at` (latest), `status`: "evidence given" or "no evidence
        given".

    Raises
    ------
    DataError
        If a column is missing, or evidence names an unknown block or has no date.
    """
    checks.require(blocks, BLOCKS, "file of building blocks")
    if evidence is None:
        evidence = pd.DataFrame({name: pd.Series(dtype="str") for name in _EVIDENCE})
    checks.require(evidence, _EVIDENCE, "evidence")
    unknown = ~evidence["block"].isin(blocks["block"])
    dates = pd.to_datetime(evidence["as_at"], format="%Y-%m-%d", errors="coerce")
    if unknown.any() or dates.isna().any():
        raise DataError(
            f"{int(unknown.sum())} of {len(evidence)} rows of evidence name a block that is none "
            f"of {', '.join(blocks['block'])}, and {int(dates.isna().sum())} have no date such as "
            "2026-03-31."
        )
    known = evidence.assign(as_at=dates).sort_values("as_at")
    words = known.groupby("block")["evidence"].agg("; ".join)
    latest = known.groupby("block")["as_at"].max().dt.strftime("%Y-%m-%d")
    given = blocks["block"].isin(words.index)
    status = given.map({True: "evidence given", False: "no evidence given"})
    return blocks.assign(
        evidence=blocks["block"].map(words).astype("str").fillna(""),
        as_at=blocks["block"].map(latest).astype("str").fillna(""),
        status=status.astype("str"),
    )


_EVIDENCE = ("block", "evidence", "as_at")
