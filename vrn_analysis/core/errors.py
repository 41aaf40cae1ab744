"""Errors for analysts: how many of how many, examples, and the remedy."""

import errno
import os

NO_SPACE = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
NOT_ALLOWED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


LONGEST_PATH = 260  # characters, on Windows


class AssessmentError(ValueError):
    """An error that the analyst can correct. The message names file, column and remedy."""


class SettingsError(AssessmentError):
    """A settings file that cannot be used."""


class DefinitionError(AssessmentError):
    """A definition file that cannot be used."""


class DataError(AssessmentError):
    """Data that break their contract. All problems are reported together."""


class NotEnoughError(DataError):
    """Valid data that are too few, or too similar, for a section. The section says so."""


class DisclosureError(AssessmentError):
    """A table that would reveal something about a few people."""


class AgreementError(AssessmentError):
    """A use of a source that its agreement does not allow."""


class FetchError(AssessmentError):
    """A file that could not be downloaded. The message says what to do instead."""


def listed(found: list[str], *, most: int = 10, part: str = "; ") -> str:
    """Return the first of many texts in one line, and how many more there are."""
    more = f"{part}and {len(found) - most} more" if len(found) > most else ""
    return part.join(found[:most]) + more


def in_words(fault: OSError) -> str:
    """Return an error of the system in words: which file, why, and what to do."""
    named = f"{fault.filename}: " if fault.filename else ""
    if fault.errno in NO_SPACE:
        return f"{named}no space left on the disk. Free some space, or choose another folder."
    said = f"{named}{(fault.strerror or str(fault)).lower()}."
    # Windows says of a path that is too long that it is not there
    too_long = os.name == "nt" and len(str(fault.filename or "")) >= LONGEST_PATH
    if fault.errno == errno.ENAMETOOLONG or too_long:
        said += " Choose a folder with a shorter path, or a shorter name."
    if fault.errno in NOT_ALLOWED:
        said += " Close any program that has it open, ask for permission, or choose another folder."
    return said
