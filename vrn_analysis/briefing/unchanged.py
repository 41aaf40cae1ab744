"""Whether the briefing in its place is what would be made again, and nobody's work is in it."""

from dataclasses import asdict
from pathlib import Path

from vrn_analysis.briefing.content import commentary, frame
from vrn_analysis.briefing.outputs import printing
from vrn_analysis.briefing.plan import notebooks
from vrn_analysis.briefing.plan.editions import Asked, Plan
from vrn_analysis.briefing.run import cache, manifest
from vrn_analysis.core import config
from vrn_analysis.core.errors import AssessmentError, listed
from vrn_analysis.core.fingerprints import content_hash, files_hash

SEAL = "seal"  # of the manifest: what the briefing was made from, and what it then held
MOST_NAMED = 5
BESIDE = (manifest.FILE, manifest.LOG)


def made_from(plans: list[Plan], asked: Asked) -> str:
    """
    Return the hash of all that a briefing depends on, more than its notebooks do.

    That is: what each notebook depends on, the code and templates that make pages, the settings,
    the commentary, the template of Word documents, what was asked, and whether there is a browser
    to print with.
    """
    parts = [
        [
            [cache.dependencies(notebooks.read(file), plan.subject) for file in plan.files],
            vars(plan.subject.settings),
            plan.subject.inputs.get(plan.subject.settings.word_template),
            {number: vars(said) for number, said in commentary.of_plan(plan).items()},
        ]
        for plan in plans
    ]
    pages = [files_hash(config.PACKAGE / "briefing"), files_hash(frame.TEMPLATE)]
    return content_hash([parts, pages, asdict(asked), bool(printing.browser())])


def _held(folder: Path) -> dict[str, str]:
    return {name: sha for name, sha in files_hash(folder).items() if name not in BESIDE}


def seal(folder: Path, of: str) -> None:
    """Write into the manifest what a finished briefing was made from, and what it holds."""
    manifest.write(
        manifest.read(folder) | {SEAL: {"made_from": of, "holds": _held(folder)}}, folder
    )


def is_in_place(folder: Path, of: str) -> bool:
    """
    Tell whether a folder holds the finished briefing of the same making, as it was left.

    Parameters
    ----------
    of
        As `made_from` returns it.
    """
    sealed = manifest.read(folder).get(SEAL, {})
    return bool(sealed) and sealed == {"made_from": of, "holds": _held(folder)}


def refuse_user_edits(folder: Path) -> None:
    """
    Check that a briefing about to be replaced holds nothing that somebody else put there.

    Raises
    ------
    AssessmentError
        If there are files in it that it was not made with, or its slides or documents were
        edited.
    """
    held = manifest.read(folder).get(SEAL, {}).get("holds")
    if not isinstance(held, dict):
        return
    now = _held(folder)
    ours = {name for name in held if name.endswith((".pptx", ".docx"))}
    edited = {name for name in ours & set(now) if now[name] != held[name]}
    if theirs := sorted((set(now) - set(held)) | edited):
        raise AssessmentError(
            f"{folder} is to be replaced and contains {len(theirs)} files that somebody added or "
            f"edited: {listed(theirs, most=MOST_NAMED, part=', ')}. Move them elsewhere, or choose "
            "another folder with --output."
        )
