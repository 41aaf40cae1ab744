"""The errors an analyst meets: how many of how many, examples, and the remedy."""


class AssessmentError(ValueError):
    """Something the analyst can mend: the message names the file, the column and the remedy."""


class SettingsError(AssessmentError):
    """A settings file that cannot be used."""


class DefinitionError(AssessmentError):
    """A definition file that cannot be used."""


class DataError(AssessmentError):
    """Data that break their contract; every problem found is reported at once."""


class DisclosureError(AssessmentError):
    """A table that would show, or give back, something about a few people."""
