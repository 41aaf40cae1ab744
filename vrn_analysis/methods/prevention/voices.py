"""Community themes and assets, without names of people."""

import re
from collections.abc import Collection

import pandas as pd

from vrn_analysis.core.config import read_toml, resource
from vrn_analysis.core.errors import DataError
from vrn_analysis.methods.rates import checks

THEMES = ("theme_id", "theme", "group", "people", "quote", "consent")
ASSETS = ("asset_id", "kind", "name", "area_code")
FEWEST_PEOPLE = 10
HIDDEN = "not shown: few people, or no consent"

_TRACES = (
    r"[\w.+-]+@[\w-]+\.\w+",  # an e-mail address
    r"(?<!\w)@\w{2,}",  # a handle
    r"(?<!\d)0\d{2,4}[\s-]?\d{3}[\s-]?\d{3,4}(?!\d)",  # a telephone number
    r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b",  # a postcode
    r"\b\d{1,2}/\d{1,2}/\d{2,4}\b",  # a date, as of birth
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|PC|Sgt|Sergeant|Constable|Officer)\.?\s+[A-Z]",
)
# words with a capital that are not names: at the start of a sentence, and anywhere
_STARTERS, _CAPITALS = (
    frozenset(words.split())
    for words in read_toml(resource("data", "reference", "ordinary_words.toml")).values()
)


def _capitalised(quote: str, allowed: set[str]) -> bool:
    for sentence in re.split(r"[.!?:;]+|\n", quote):
        for place, word in enumerate(re.findall(r"[^\W\d_][\w&'’-]*", sentence)):
            plain = word.replace("’", "'").lower()
            fine = _CAPITALS | allowed | (_STARTERS if place == 0 else frozenset())
            shouted = word.isupper() and 1 < len(word) <= 5
            known = {plain, re.sub(r"'s$", "", plain)} & fine
            if word[0].isupper() and not shouted and not known:
                return True
    return False


def names_in_quotes(quotes: pd.Series, *, allowed: Collection[str] = ()) -> pd.Series:
    """
    Return which quotes may contain a name or another trace of a person.

    Parameters
    ----------
    quotes
        Quotes; "" is none.
    allowed
        Words with a capital that are no names of people, such as places.

    Returns
    -------
    may_name
        True where a quote holds an e-mail address, telephone number, postcode, date, a title with
        a name, or a word with a capital that is neither ordinary nor allowed. It errs on the
        side of naming too many; it cannot find a nickname in small letters.
    """
    places = {part.lower() for word in allowed for part in word.split()}
    text = quotes.fillna("").astype("str")
    return text.map(
        lambda quote: (
            any(re.search(trace, quote) for trace in _TRACES) or _capitalised(quote, places)
        )
    ).astype(bool)


def community_themes(themes: pd.DataFrame, *, allowed: Collection[str] = ()) -> pd.DataFrame:
    """
    Return coded community themes, ready for disclosure control.

    Parameters
    ----------
    themes
        One row a theme and group of people: `theme_id, theme, group, people` (how many said it),
        `quote, consent` ("yes" where the quote may be shown).
    allowed
        Words with a capital in quotes that are no names, such as places.

    Returns
    -------
    themes
        `theme_id, theme, group, count` (people, Int64; put it through `disclosure.protect` before
        it is shown), `quote` (as given, or why it is not shown).

    Raises
    ------
    DataError
        If a column is missing, a number of people cannot be, a row repeats, or a quote may hold a
        name: then the rows are named, never the words.
    """
    checks.require(themes, THEMES, "file of community themes")
    people = pd.to_numeric(themes["people"], errors="coerce")
    problems = []
    if (bad := people.isna() | (people < 0) | (people % 1 != 0)).any():
        problems.append(f"people is not a whole number in {int(bad.sum())} of {len(themes)} rows")
    if (repeated := themes["theme_id"].duplicated()).any():
        problems.append(f"{int(repeated.sum())} of {len(themes)} rows repeat a theme_id")
    if (named := names_in_quotes(themes["quote"], allowed=allowed)).any():
        rows = ", ".join(themes.loc[named, "theme_id"].astype("str").head(10))
        problems.append(
            f"{int(named.sum())} of {len(themes)} quotes may hold a name or another trace of a "
            f"person (rows {rows}): take it out, or pass the word in allowed if it is a place"
        )
    checks.refuse(problems, "The community themes cannot be used")
    quote = themes["quote"].fillna("").astype("str")
    shown = (themes["consent"] == "yes") & (people >= FEWEST_PEOPLE)
    return themes[["theme_id", "theme", "group"]].assign(
        count=people.astype("Int64"), quote=quote.where(shown | (quote == ""), HIDDEN)
    )


def assets_by_area(assets: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """
    Return the assets of every area, including areas with none.

    Parameters
    ----------
    assets
        One row an asset: `asset_id, kind, name, area_code`.
    areas
        `area_code, area_name` of every area of the map.

    Returns
    -------
    table
        One row an area: `area_code, area_name, assets` (number), `kinds` (in words).

    Raises
    ------
    DataError
        If a column is missing, or an asset lies in no area.
    """
    checks.require(assets, ASSETS, "file of assets")
    outside = ~assets["area_code"].isin(areas["area_code"])
    if outside.any():
        rows = ", ".join(assets.loc[outside, "asset_id"].astype("str").head(5))
        raise DataError(
            f"{int(outside.sum())} of {len(assets)} assets ({rows}) are in no area of the map. "
            "Use its area codes."
        )
    kinds = assets.groupby("area_code")["kind"].agg(
        lambda found: "; ".join(f"{kind} {n}" for kind, n in found.value_counts().items())
    )
    number = assets["area_code"].value_counts()
    return areas[["area_code", "area_name"]].assign(
        assets=areas["area_code"].map(number).fillna(0).astype("int64"),
        kinds=areas["area_code"].map(kinds).fillna("").astype("str"),
    )
