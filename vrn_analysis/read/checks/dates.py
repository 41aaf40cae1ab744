"""Recognise an offence code that a spreadsheet has turned into a date."""

import re

_MONTHS = "JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC"
# 5/1 becomes 05-Jan, 34/2 becomes Feb-34, and on export either may be written out in full
_DATE = re.compile(
    rf"\d{{1,2}}[- /]({_MONTHS})[A-Z]*([- /]\d{{2,4}})?"
    rf"|({_MONTHS})[A-Z]*[- /]\d{{1,4}}"
    r"|\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?"
    r"|\d{1,2}/\d{1,2}/\d{4}( \d{2}:\d{2}(:\d{2})?)?"
)


def looks_like_a_date(code: str) -> bool:
    """
    Return whether a code is a date, as `05-Jan` for 5/1 or `Feb-34` for 34/2.

    The code it was cannot be told for certain (day and month may stand in either order), so the
    remedy is always to export the column again as text.
    """
    return _DATE.fullmatch(code.strip().upper()) is not None
