"""Apply the data-sharing agreements of the sources."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from vrn_analysis.core.config import AUDIENCES, Settings
from vrn_analysis.core.errors import AgreementError

NOT_STATED = "not stated"
SOON = 60  # days before the end of retention when it is first mentioned
PARTNERS = ("internal", "partners")


def is_open(settings: Settings, name: str) -> bool:
    """
    Return whether a source is open to everybody.

    One whose `sensitivity` is not stated is not: nobody said that it may be published. What the
    sample holds is generated, and about nobody.
    """
    return settings.kind == "sample" or settings.sources[name].get("sensitivity") == "open"


def audiences(settings: Settings, name: str) -> tuple[str, ...]:
    """
    Return who may see an edition that a source went into.

    What its agreement allows a wider audience, it allows a narrower one. Where nothing is stated,
    an open source is for all, and a partner's for the partners: publication must be agreed.
    """
    stated = settings.sources[name].get("audiences")
    if stated is None:
        return AUDIENCES if is_open(settings, name) else PARTNERS
    return AUDIENCES[: 1 + max(AUDIENCES.index(audience) for audience in stated)]


def days_left(source: dict[str, Any], today: date) -> int | None:
    """Return how many days a source may still be kept; None where no date is stated."""
    until = source.get("retain_until")
    return None if until is None else (until - today).days


def _named(settings: Settings, name: str) -> str:
    source = settings.sources[name]
    agreement = source.get("agreement")
    under = f'under "{agreement}"' if agreement else "with no agreement stated"
    return f"[sources.{name}] {source.get('title', name)}, {under}"


def _unstated(source: dict[str, Any], name: str) -> str:
    if "sensitivity" in source or "audiences" in source:
        return ""
    return (
        f"If everybody may see it, write under [sources.{name}] of assessment.toml: "
        'sensitivity = "open". If not: '
    )


def _breaches(settings: Settings, today: date) -> Iterator[str]:
    for name, source in settings.sources.items():
        if settings.audience not in (allowed := audiences(settings, name)):
            yield (
                f"{_named(settings, name)}, is for {' and '.join(allowed)}, and this edition is "
                f"{settings.audience}. {_unstated(source, name)}Make it for {allowed[-1]} "
                f"(audience), leave the source out, or have {settings.audience} agreed and add it "
                "to audiences."
            )
        if (left := days_left(source, today)) is not None and left < 0:
            yield (
                f"{_named(settings, name)}, was to be deleted after {source['retain_until']}, and "
                f"it is {today}. Delete the file and take the source out, or agree a later date "
                "and state it as retain_until."
            )


def require(settings: Settings, *, today: date | None = None) -> None:
    """
    Check that the agreements of all sources allow this edition, today.

    Parameters
    ----------
    settings
        What the edition is about, and for whom.
    today
        The day on which it is made; default: today.

    Raises
    ------
    AgreementError
        If the audience is one that a source's agreement does not allow, or a source should be
        deleted by now: everything at once.
    """
    found = list(_breaches(settings, today or date.today()))
    if found:
        lines = "".join(f"\n  {breach}" for breach in found)
        raise AgreementError(
            f"{settings.file}: the agreements of its sources do not allow this edition (breaches: "
            f"{len(found)}; sources: {len(settings.sources)}):{lines}"
        )


def remark(settings: Settings, name: str, *, today: date | None = None) -> str:
    """Return what is to be done about a source's agreement, or "" where nothing is."""
    source = settings.sources[name]
    left = days_left(source, today or date.today())
    if left is not None and 0 <= left <= SOON:
        return f"to be deleted in {left} days, unless a later date is agreed"
    if not is_open(settings, name):
        agreed = ("agreement", "purpose", "retain_until")
        needed = agreed if "sensitivity" in source else ("sensitivity",)
        if lacking := [word for word in needed if word not in source]:
            return f"its settings do not state {', '.join(lacking)}"
    return ""
