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


class AgreementError(AssessmentError):
    """A use of a source that the agreement it came under does not allow."""


class FetchError(AssessmentError):
    """A file that could not be had from its publisher; what to do instead is said."""
