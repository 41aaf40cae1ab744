"""Rank factors by open criteria, with rank intervals and varied weights."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError, SettingsError
from vrn_analysis.methods.factors.values import described
from vrn_analysis.methods.rates.checks import numbers

CRITERIA = ("gap", "trend", "evidence", "early")
EVIDENCE = {"graded": 1.0, "named in a review": 0.5, "not graded": 0.0}
# a doubling, or a halving of something good, is as far as the scale goes
FULL = np.log(2)
DRAWS = 2_000
SEED = 20_260_301
VARIED = (0.0, 0.5, 2.0)


def _towards_worse(ratio: np.ndarray, polarity: pd.Series) -> np.ndarray:
    sign = polarity.map({"higher_is_worse": 1.0, "lower_is_worse": -1.0}).to_numpy(dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.clip(sign * np.log(ratio) / FULL, 0, 1)


def criteria(profile: pd.DataFrame, changes: pd.DataFrame, catalogue: pd.DataFrame) -> pd.DataFrame:
    """
    Return the criteria of each factor, each from 0 to 1, side by side.

    Parameters
    ----------
    profile
        What `profile` returns for one area.
    changes
        What `changes` returns; rows of other areas are left out.
    catalogue
        The indicator catalogue.

    Returns
    -------
    criteria
        One row a risk or protective factor with a direction: `indicator_id, name, level, kind`,
        `gap` (0: no worse than the benchmark; 1: twice as bad), `trend` (0: no worse than at the
        start; 1: twice as bad), `evidence` (graded 1, named in a review 0.5, not graded 0),
        `early` (1: before age 5; 0.75: before 10; 0.5: before 18; 0.25: later), `gap_error`
        (standard error of the gap before it is cut at 0 and 1; missing without an interval),
        `gap_uncut`, and `unknown`: criteria that have no value and count 0.

    Raises
    ------
    DataError
        If an outcome is among the rows: an outcome is never a factor for itself.
    """
    full = described(
        profile.drop(columns="evidence", errors="ignore"), catalogue, ["evidence", "breaks"]
    )
    if (outcome := full["kind"] == "outcome").any():
        names = ", ".join(full.loc[outcome, "indicator_id"])
        raise DataError(f"{names}: an outcome is never a factor for itself. Leave it out.")
    directed = full["kind"].isin(["risk", "protective"]) & (full["polarity"] != "ambiguous")
    full = full[directed].merge(
        changes[["indicator_id", "area_code", "change_ratio", "direction"]],
        on=["indicator_id", "area_code"],
        how="left",
    )
    sign = np.where(full["polarity"] == "higher_is_worse", 1.0, -1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        uncut = sign * np.log(numbers(full, "ratio")) / FULL
        width = np.log(numbers(full, "upper_95_ci")) - np.log(numbers(full, "lower_95_ci"))
    told = full["change_ratio"].where(full["direction"] != "no comparable period")
    trend = _towards_worse(told.to_numpy(dtype=float, na_value=np.nan), full["polarity"])
    early = np.select([full["age_from"] < n for n in (5, 10, 18)], [1.0, 0.75, 0.5], 0.25)
    table = full[["indicator_id", "name", "level", "kind"]].assign(
        gap=np.clip(uncut, 0, 1),
        trend=trend,
        evidence=full["evidence"].map(EVIDENCE),
        early=early,
        gap_error=np.where(np.isfinite(width), width / (2 * 1.959964) / FULL, np.nan),
        gap_uncut=uncut,
    )
    missing = table[["gap", "trend"]].isna()
    unknown = [", ".join(row.index[row]) for _, row in missing.iterrows()]
    return table.assign(unknown=pd.Series(unknown, index=table.index, dtype="str"))


def check_weights(weights: Mapping[str, Any]) -> dict[str, float]:
    """
    Return the weights of a weights file, checked.

    Raises
    ------
    SettingsError
        If the file names no edition, or a weight is missing, unknown, negative or not a number,
        or all are 0.
    """
    problems = []
    if not str(weights.get("edition", "")).strip():
        problems.append("it names no edition, so nobody can tell which weights were used")
    given = weights.get("weights", {})
    if unknown := sorted(set(given) - set(CRITERIA)):
        problems.append(f"unknown criteria: {', '.join(unknown)}")
    if missing := [name for name in CRITERIA if name not in given]:
        problems.append(f"weights missing: {', '.join(missing)}")
    wrong = [n for n, w in given.items() if isinstance(w, str | bool) or not 0 <= w < np.inf]
    if wrong:
        problems.append(f"not a number of 0 or more: {', '.join(wrong)}")
    elif given and not sum(given.values()) > 0:
        problems.append("all weights are 0")
    if problems:
        raise SettingsError("The priority weights cannot be used: " + "; ".join(problems) + ".")
    return {name: float(given[name]) for name in CRITERIA}


def _scores(table: pd.DataFrame, weights: Mapping[str, float]) -> np.ndarray:
    parts = np.nan_to_num(table[list(CRITERIA)].to_numpy(dtype=float))
    share = np.array([weights[name] for name in CRITERIA])
    return parts @ share / share.sum()


def _ranks(scores: np.ndarray) -> np.ndarray:
    """Return ranks from 1 for the highest score; equal scores share the better rank."""
    return (scores[..., None, :] > scores[..., :, None] + 1e-12).sum(axis=-1) + 1


def _drawn_ranks(table: pd.DataFrame, weights: Mapping[str, float], draws: int) -> np.ndarray:
    rng = np.random.default_rng(SEED)
    error = np.nan_to_num(numbers(table, "gap_error"))
    noise = rng.normal(size=(draws, len(table))) * error
    gap = np.clip(numbers(table, "gap_uncut") + noise, 0, 1)
    moved = (np.nan_to_num(gap) - np.nan_to_num(numbers(table, "gap"))) * weights["gap"]
    return _ranks(_scores(table, weights) + moved / sum(weights.values()))


def sensitivity(table: pd.DataFrame, weights: Mapping[str, Any]) -> pd.DataFrame:
    """
    Return the order of factors when one weight at a time is dropped, halved or doubled.

    Parameters
    ----------
    table
        What `criteria` returns.
    weights
        The weights file: `edition` and `weights`.

    Returns
    -------
    sensitivity
        One row a change of weights and factor: `changed, times, indicator_id, rank`.

    Raises
    ------
    SettingsError
        If the weights cannot be used.
    """
    usual = check_weights(weights)
    frames = []
    for name in CRITERIA:
        for times in VARIED:
            varied = usual | {name: usual[name] * times}
            if not sum(varied.values()):
                continue
            rank = _ranks(_scores(table, varied))
            frames.append(
                table[["indicator_id"]].assign(changed=name, times=times, rank=rank.astype(int))
            )
    columns = ["changed", "times", "indicator_id", "rank"]
    return pd.concat(frames, ignore_index=True)[columns]


def priorities(
    table: pd.DataFrame, weights: Mapping[str, Any], *, draws: int = DRAWS
) -> pd.DataFrame:
    """
    Return the factors ranked, with the score and all its parts.

    Parameters
    ----------
    table
        What `criteria` returns.
    weights
        The weights file: `edition` and `weights` (one each of gap, trend, evidence, early).
    draws
        Times each value is drawn anew from its interval.

    Returns
    -------
    priorities
        The rows of `criteria`, first rank first, and `score` (weighted mean of the criteria),
        `rank, rank_lower_95_ci, rank_upper_95_ci` (over redrawn values), `rank_best, rank_worst`
        (over changed weights, see `sensitivity`), `weights` (in words), `edition`, `note` (which
        part of the uncertainty is not known).

    Raises
    ------
    SettingsError
        If the weights cannot be used.
    DataError
        If there is nothing to put in order.

    Notes
    -----
    A parametric bootstrap: the gap is redrawn on the log scale from the value's 95 % interval.
    A value without an interval is not redrawn, so its rank interval is too narrow, and `note`
    says so. The order is help for a discussion; it is not itself evidence.
    """
    usual = check_weights(weights)
    if table.empty:
        raise DataError("No factor has a direction, so none can be ranked.")
    score = _scores(table, usual)
    drawn = _drawn_ranks(table, usual, draws)
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0, method="inverted_cdf")
    varied = sensitivity(table, weights).groupby("indicator_id")["rank"]
    words = ", ".join(f"{name} {weight:g}" for name, weight in usual.items())
    bare = table["gap_error"].isna()
    note = np.where(bare, "value without an interval: rank interval too narrow", "")
    return (
        table.assign(
            score=score,
            rank=_ranks(score).astype(int),
            rank_lower_95_ci=low.astype(int),
            rank_upper_95_ci=high.astype(int),
            rank_best=table["indicator_id"].map(varied.min()),
            rank_worst=table["indicator_id"].map(varied.max()),
            weights=words,
            edition=str(weights["edition"]),
            note=pd.Series(note, index=table.index, dtype="str"),
        )
        .sort_values(["rank", "indicator_id"], kind="stable")
        .reset_index(drop=True)
    )
