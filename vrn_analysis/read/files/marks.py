"""Read the marks that stand for a missing number in official tables."""

import pandas as pd

from vrn_analysis.core.errors import DataError

# the shorthand of the Government Analysis Function, and what older tables of departments use
MARKS = {
    mark: meaning
    for meaning, marks in {
        "not available": ("-", ":", "..", "x"),
        "suppressed": ("c", "*"),
        "not applicable": ("z", "."),
        "below the unit shown": ("low", "k", "~"),
        "unreliable": ("u",),
    }.items()
    for mark in marks
}


def numbers(text: pd.Series, *, where: str, percent: bool = False) -> pd.DataFrame:
    """
    Return the numbers of a column as received, and the meaning of its marks.

    Parameters
    ----------
    text
        The column as text; missing values are "not available".
    where
        File and column, for the error.
    percent
        Whether the unit is per cent: then a % sign is taken off, else it is an error.

    Returns
    -------
    table
        `value` (float) and `mark` ("" where a number stands), in the same order.

    Raises
    ------
    DataError
        If anything else than a number or a known mark stands there, or a % sign in a column
        whose unit is not per cent.
    """
    words = text.astype("str").str.strip()
    if percent:
        words = words.str.replace(r"\s*%$", "", regex=True)
    meaning = words.str.lower().map(MARKS).fillna("")
    # remove thousands separators only between groups of three digits
    plain = words.where(
        ~words.str.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?").fillna(False),
        words.str.replace(",", "", regex=False),
    )
    value = pd.to_numeric(plain, errors="coerce").astype("float64")
    empty = text.isna() | (words == "")
    strange = value.isna() & (meaning == "") & ~empty
    if strange.any():
        examples = ", ".join(repr(word) for word in words[strange].unique()[:5])
        signs = int(words[strange].str.endswith("%").sum())
        remedy = f"{signs} end in a % sign, but the unit is not per cent. " if signs else ""
        raise DataError(
            f"{where}: {int(strange.sum())} of {len(text)} values are neither a number nor a known "
            f"mark ({', '.join(MARKS)}), such as {examples}. {remedy}Correct them in the file."
        )
    meaning = meaning.mask(empty, "not available")
    return pd.DataFrame({"value": value, "mark": meaning.astype("str")}, index=text.index)
