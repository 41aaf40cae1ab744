"""Find what a label means in the contracts' words; doubtful labels stay unknown."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product

from vrn_analysis.read.extracts.vocabulary import (
    PART,
    SLASH,
    Term,
    Vocabulary,
    english,
    plain,
    terms_of,
    vocabulary,
    without_code,
    without_short_form,
    words_of,
)

VICTIM_IS = "victim is"

NOT_KNOWN = ""
# a label of more words is free text, and of more readings no category
FEW_WORDS, MOST_WORDS, MOST_READINGS, MOST_NAMED = 10, 40, 64, 6
OUTCOME = re.compile(r"^((?:(?:home office|ho|outcome|type|code|oc|ot) ?)*)0*(\d{1,2})[ab]?\b ?")
Alternative = tuple[Term, ...]


@dataclass(frozen=True)
class Reading:
    """What a label means: `value` is None if it is not understood, `reason` says why."""

    value: str | None = None
    reason: str = ""
    values: frozenset[str] = frozenset()


def _alternatives(terms: list[tuple[Term, int]], own: Vocabulary) -> list[list[Alternative]]:
    """Return the parts of a label, each as its alternatives: `a - b/c` is (a) and (b or c)."""
    parts: list[list[list[Term]]] = [[[]]]
    level = PART
    for term, before in terms:
        if term.text in ("and", "or"):
            level = SLASH
            continue
        level = max(level, before)
        if level == SLASH and parts[-1][-1]:
            parts[-1].append([])
        elif level == PART and parts[-1][-1]:
            parts.append([[]])
        parts[-1][-1].append(term)
        level = 0
    return [_shared(part, own) for part in parts]


def _shared(part: list[list[Term]], own: Vocabulary) -> list[Alternative]:
    """Share what alternatives have in common: `bus/train station`, `ex-husband/wife`."""
    for before, after in zip(part[-2::-1], part[:0:-1], strict=True):
        _lend(before, after, own, last=True)
    for before, after in zip(part, part[1:], strict=False):
        # the second "crime" of "no crime/crime" is whole
        if after and after[0].kind in ("", "may", "says"):
            _lend(after, before, own, last=False)
    if len(part) > 1:
        part = _share_turns(part)
        part = [other for other in part if _counts(other, own)] or part[:1]
    return [tuple(other) for other in part]


def _share_turns(part: list[list[Term]]) -> list[list[Term]]:
    """Share `ex` of the first alternative and `of accused` of the last with relations alone."""
    first, last = part[0][:1], part[-1][-1:]
    if len(part[0]) < 2 or first[0].kind != "turns":
        first = []
    if len(part[-1]) < 2 or "parent" not in last[0].turned:
        last = []
    alone = [all(term.kind == "says" for term in other) for other in part]
    shared = [[*first, *other] if at and alone[at] else other for at, other in enumerate(part)]
    return [[*other, *last] if alone[at] else other for at, other in enumerate(shared)]


def _text(terms: list[Term]) -> str:
    return " ".join(term.text for term in terms)


def _counts(terms: list[Term], own: Vocabulary) -> bool:
    """Return whether an alternative means anything: `front` of `front/rear garden` does not."""
    return _text(terms) in own.whole or any(term.kind != "adds" for term in terms)


def _lend(terms: list[Term], neighbour: list[Term], own: Vocabulary, *, last: bool) -> None:
    """Complete an alternative of one term by words of its neighbour, where both are a phrase."""
    if len(terms) != 1 or terms[0].kind == "doubt":
        return
    words = _text([term for term in neighbour if term.kind != "adds"]).split()
    for at, end in combinations(range(len(words) + 1), 2):
        lent = " ".join(words[at:end])
        text = f"{terms[0].text} {lent}" if last else f"{lent} {terms[0].text}"
        # a "farm/private house" is two places, a "bus/train station" one
        part = end - at < len(words) and (last or not at)
        fits = part and (terms[0].kind != "says" or lent in own.lends)
        if fits and own.terms.get(text, Term("")).kind == "says":
            terms[:] = [own.terms[text]]
            return


def _turned(terms: list[Term], own: Vocabulary, column: str) -> list[Term]:
    """Apply `ex`, `not` and the like to what follows them; two relatives in a row are in doubt."""
    says = [term for term in terms if term.kind == "says"]
    if column == "relationship_to_victim" and len(says) > 1:
        return [Term(_text(terms), "doubt", note="names two relations")]
    for at in reversed(range(len(terms))):
        term, rest = terms[at], terms[at + 1 :]
        if term.kind == "turns" and any(other.kind in ("says", "may") for other in rest):
            value = term.turned.get(_bag(rest, own).value or "-")
            if value is None:
                return [Term(_text(terms), "doubt", note="has no one meaning")]
            terms = [*terms[:at], Term(_text(terms[at:]), "says", (value,))]
    return terms


def _together(terms: list[Term], own: Vocabulary) -> Reading:
    """Return the joint meaning of terms: what all allow, or the one that outranks the others."""
    says = [term for term in terms if term.kind == "says"]
    common = frozenset.intersection(*(frozenset(term.values) for term in terms))
    firsts = {term.values[0] for term in says}
    if says and len(common) == 1:
        return Reading(*common, values=common)
    if not common:
        every = {term.values[0] for term in terms}
        first = [value for value in every if every - {value} <= own.over.get(value, frozenset())]
        if says and len(first) == 1:
            return Reading(first[0], values=frozenset(first))
        return Reading(None, f"it may mean {' or '.join(sorted(every))}")
    if len(firsts & common) == 1:
        return Reading(*(firsts & common), values=common)
    which = f"it does not say which: {', '.join(sorted(common))}"
    return Reading(None, which if len(common) <= MOST_NAMED else "it is too general")


def _bag(terms: list[Term], own: Vocabulary) -> Reading:
    """Return what the terms of one reading of a label mean."""
    if (value := own.whole.get(_text(terms))) is not None:
        return Reading(value, values=frozenset({value}))
    for term in terms:
        if term.kind in ("doubt", ""):
            return Reading(None, f'"{term.text}" {term.note or "is not in the word list"}')
    content = [term for term in terms if term.kind in ("says", "may")]
    if any(term.kind == "unknown" for term in terms):
        return Reading(None, "a part says that it is not known") if content else Reading(NOT_KNOWN)
    if not content:
        return Reading(None, "it is too general")
    alone = {term.text for term in terms if term.kind != "adds" or term.text == "other"}
    if len(alone) == 1 and (value := own.whole.get(content[0].text)) is not None:
        return Reading(value, values=frozenset({*content[0].values, value}))
    return _together(content, own)


def _combined(parts: tuple[Alternative, ...], own: Vocabulary, column: str) -> Reading:
    terms = [term for part in parts for term in _turned(list(part), own, column)]
    turns = [term for term in terms if term.kind == "turns"]
    found = _bag([term for term in terms if term.kind != "turns"], own)
    if turns and found.value:
        value = turns[0].turned.get(found.value)
        return Reading(value, "" if value else f'"{turns[0].text}" turns what the rest means')
    return found


def _by_words(label: str, column: str) -> Reading:
    own = vocabulary(column)
    coded = column in ("location_type", "weapon")
    text = plain(label := without_short_form(label, own, coded=coded))
    if not text:
        # "?" means not known, but a person whose role is "?" may be a victim
        blank = column != "role" and not any(map(str.isalnum, label))
        return Reading(NOT_KNOWN) if blank else Reading(None, "it has no word that can be read")
    # free text is turned away at its first strange word, and read no further
    if text.count(" ") > FEW_WORDS and not own.words.issuperset(text.split()):
        return Reading(None, "it is too long to be a category")
    terms = without_code(list(terms_of(label, column)))
    words = [word for word, _ in words_of(label, own)]
    said = [term for term, _ in terms]
    bare = [term for term in said if term.kind != "adds"]
    for form in (text, " ".join(words), _text(said), _text(bare)):
        if (value := own.whole.get(form)) is not None:
            return Reading(value, values=frozenset({value}))
    found = _agreed(terms, own, column)
    head = next((at for at in range(1, len(terms)) if terms[at][1]), 0)
    group = own.groups.get(_text([term for term, _ in terms[:head]]))
    # "Dwelling / Garden" is a place of a group, "dwelling/garden" is either of two
    either = head and terms[head][1] == SLASH and " / " not in label
    if found.value is None and group and not either:
        # the words after "Open space:" decide, unless no such place is of that group
        detail = _agreed([(group, PART), (terms[head][0], PART), *terms[head + 1 :]], own, column)
        found = found if detail.value is None else detail
    return found


def _agreed(terms: list[tuple[Term, int]], own: Vocabulary, column: str) -> Reading:
    """Return the meaning on which every reading of the terms agrees."""
    said = {}
    for number, parts in enumerate(product(*_alternatives(terms, own))):
        reading = _combined(parts, own, column)
        if number == MOST_READINGS:
            return Reading(None, "it is too long")
        if reading.value is None:
            return reading
        said.setdefault(reading.value or "not known", reading)
    if len(said) > 1:
        return Reading(None, f"it may mean {' or '.join(sorted(said))}")
    return next(iter(said.values()))


def _outcome(label: str) -> Reading:
    """Return the outcome by its number of the Home Office, which the words must not contradict."""
    found = OUTCOME.match(plain(label))
    if not found or plain(label) in vocabulary("investigation_outcome").whole:
        return _by_words(label, "investigation_outcome")
    value = vocabulary("investigation_outcome").whole.get(found[2])
    rest = label[re.search(r"\d+[aAbB]?", label).end() :]
    words = _by_words(rest, "investigation_outcome") if plain(rest) else Reading(value)
    if value is None:
        return Reading(None, f"there is no outcome type {found[2]}")
    if words.value and value != words.value and value not in words.values:
        return Reading(None, f"type {found[2]} is {value}, its words say {words.value}")
    if words.value is None and not found[1]:
        return words
    return Reading(value, values=frozenset({value}))


def _status(label: str) -> Reading:
    """Return the status; a crime that has an outcome of an investigation is a recorded one."""
    found = _by_words(label, "status")
    if found.value is not None or not re.search("[a-z]{2}", plain(label)):
        return found
    typed = re.match(r"(home office |ho |outcome |type |oc ?|ot ?)+\d", plain(label))
    says = [term.values[0] for term, _ in terms_of(label, "status") if term.kind == "says"]
    if (typed or set(says) <= {"recorded"}) and _outcome(label).value:
        return Reading("recorded")
    return found


@lru_cache(maxsize=20_000)
def read(label: str, column: str) -> Reading:
    """
    Return what a label means in a column of the contracts, or why it is not understood.

    Parameters
    ----------
    label
        As the source words it.
    column
        One of `WORDED`.
    """
    if len(plain(label).split()) > MOST_WORDS:
        return Reading(None, "it is too long to be a category")
    label = english(re.sub(r"(?i)['’]d\b", "d", label), column)
    if column == "status":
        return _status(label)
    if column == "relationship_to_victim" and label.lower().startswith(f"{VICTIM_IS} "):
        found = read(label[len(VICTIM_IS) :], column)
        turned = vocabulary(column).terms[VICTIM_IS].turned
        return Reading(turned.get(found.value or "", found.value), found.reason, found.values)
    if column != "investigation_outcome":
        found = _by_words(label, column)
        # "bus, rail or tram station" is three alternatives
        listed = re.search(r",.*\bor\b", label) and found.value is None
        return _by_words(label.replace(",", "/"), column) if listed else found
    found = _outcome(label)
    ended = found.value is None and _by_words(label, "status").value
    # a record that was cancelled or passed on has no outcome of an investigation
    return Reading(NOT_KNOWN) if ended and ended != "recorded" else found


def meaning(label: str, column: str) -> str | None:
    """Return what a label means in a column, "" not known, None not understood."""
    return read(label, column).value


def explain(label: str, column: str) -> str:
    """Return in one sentence why a label is not understood, "" where it is."""
    reason = read(label, column).reason
    return f"{reason[0].upper()}{reason[1:]}." if reason else ""
