"""Read a definition of serious violence, describe it in English and compare two."""

from vrn_analysis.core.definition.files import (
    Definition,
    available,
    load,
    location_types,
    offence_codes,
)
from vrn_analysis.core.definition.words import describe, difference
