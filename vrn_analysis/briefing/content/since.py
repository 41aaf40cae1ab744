"""What changed since the last edition: its manifest set beside the new one."""

from collections.abc import Mapping
from typing import Any

from vrn_analysis.briefing.content.chapters import Chapter
from vrn_analysis.briefing.content.markup import plain
from vrn_analysis.core.errors import listed

# two editions are told apart for a reader only where both are for the same one
SAME = ("audience", "disclosure_profile", "area", "kind")
NOT_TOLD = ("status", "marking", "file", "sources")
MOST_LISTED = 12


def findings(chapters: list[Chapter]) -> dict[str, str]:
    """Return the main finding of each chapter as plain text, for the manifest."""
    return {chapter.title: plain(chapter.finding) for chapter in chapters if chapter.finding}


def _of_same_reader(new: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
    settings, before = new["settings"], old.get("settings", {})
    same = all(settings.get(name) == before.get(name) for name in SAME)
    return same and new.get("edition") == old.get("edition")


def _inputs(new: Mapping[str, Any], old: Mapping[str, Any]) -> list[str]:
    now, then = (
        {entry["file"]: entry.get("sha256") for entry in manifest.get("inputs", [])}
        for manifest in (new, old)
    )
    if new["settings"].get("kind") == "sample":
        return ["the sample was made anew"] if new["data"] != old.get("data") else []
    kinds = {
        "new": sorted(now.keys() - then.keys()),
        "changed": sorted(name for name in now.keys() & then.keys() if now[name] != then[name]),
        "gone": sorted(then.keys() - now.keys()),
    }
    told = [
        f"{how}: {listed(names, most=MOST_LISTED, part=', ')}"
        for how, names in kinds.items()
        if names
    ]
    return told or (["changed: a file of a partner"] if new["data"] != old.get("data") else [])


def _settings(new: Mapping[str, Any], old: Mapping[str, Any]) -> list[str]:
    now, then = new["settings"], old.get("settings", {})
    return [
        f"{name.replace('_', ' ')}: {_said(then[name])} before, {_said(now[name])} now"
        for name in sorted(now)
        if name not in NOT_TOLD and name in then and _said(now[name]) != _said(then[name])
    ]


def _said(value: Any) -> str:
    """Return a setting in words: a date is the same whether it was read from a manifest or not."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_said(one)}" for name, one in value.items()) or "none"
    return str(value or "none")


def _rows(new: Mapping[str, Any], old: Mapping[str, Any]) -> list[str]:
    """Return row counts that changed, in hundreds: a difference of a few rows is nobody's."""
    found = []
    for source, counted in sorted(new.get("rows", {}).items()):
        both = (counted, old.get("rows", {}).get(source))
        now, then = (one.get("rows") if isinstance(one, dict) else None for one in both)
        if now is None or then is None:
            continue
        rounded = [round(count / 100) * 100 for count in (then, now)]
        if rounded[0] != rounded[1]:
            found.append(f"{source}: about {rounded[0]:,} before, about {rounded[1]:,} now")
    return found


def _findings(new: Mapping[str, Any], old: Mapping[str, Any]) -> list[str]:
    then = old.get("findings", {})
    return [
        f"{title}. Before: {then[title]}"
        for title, said in new.get("findings", {}).items()
        if title in then and then[title] != said
    ]


def changes(new: Mapping[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return what differs between an edition and the one before it in the same place.

    Only what both published is compared, so that nothing is told which a reader of both does not
    have. An edition for another audience, area or profile is no edition before it.

    Parameters
    ----------
    new, old
        Their manifests; `old` may be {}.

    Returns
    -------
    changes
        `since` (day of the earlier), `inputs, settings, rows, findings` as texts; {} where there is
        no earlier edition. Where nothing differs, what the earlier edition told of its own changes.
    """
    if not old or not _of_same_reader(new, old):
        return {}
    found = {
        "Data": _inputs(new, old),
        "Settings": _settings(new, old),
        "Rows read": _rows(new, old),
        "Main findings": _findings(new, old),
    }
    if not any(found.values()):
        return old.get("since", {})
    return {"day": str(old.get("finished", ""))[:10], "told": {k: v for k, v in found.items() if v}}
