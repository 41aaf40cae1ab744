"""The errors an analyst meets: how many of how many, examples, and the remedy."""

import errno

NO_SPACE = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
NOT_ALLOWED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


class AssessmentError(ValueError):
    """Something the analyst can mend: the message names the file, the column and the remedy."""


class SettingsError(AssessmentError):
    """A settings file that cannot be used."""


class DefinitionError(AssessmentError):
    """A definition file that cannot be used."""


class DataError(AssessmentError):
    """Data that break their contract; every problem found is reported at once."""


class NotEnoughError(DataError):
    """Sound data that are too few, or too much alike, for a section: it says so in its place."""


class DisclosureError(AssessmentError):
    """A table that would show, or give back, something about a few people."""


class AgreementError(AssessmentError):
    """A use of a source that the agreement it came under does not allow."""


class FetchError(AssessmentError):
    """A file that could not be had from its publisher; what to do instead is said."""


def in_words(fault: OSError) -> str:
    """Return what the system refused, in words: which file, why, and what can be done."""
    named = f"{fault.filename}: " if fault.filename else ""
    if fault.errno in NO_SPACE:
        return f"{named}no space left on the disk. Make room, or choose another folder."
    said = f"{named}{(fault.strerror or str(fault)).lower()}."
    if fault.errno == errno.ENAMETOOLONG:
        said += " Choose a folder with a shorter path, or a shorter name."
    if fault.errno in NOT_ALLOWED:
        said += " Close it where it is open, ask for the right to it, or choose another folder."
    return said
