"""A definition of serious violence as data: read it, say it in English, compare two."""

from vrn_analysis.definition.files import Definition, available, load, location_types, offence_codes
from vrn_analysis.definition.words import describe, difference
