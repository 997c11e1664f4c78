"""What fields, kinds, commands, events and figures are called, in English and in Chinese."""

import re
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, get_args

from aggregates.plain import Plain
from services import plain_labels

Group = Literal[
    "field", "kind", "command", "event", "figure", "context", "value", "setting", "notice"
]
GROUPS: tuple[str, ...] = get_args(Group)
LANGUAGES = ("en", "zh-CN")
LABELS, HELP = "distributary", "help"
"""The catalogues: of names, and of what they are for."""
FOLDER = Path(__file__).parent / "locale"
OwnLabels = Mapping[tuple[str, str], str]
NO_LABELS: OwnLabels = MappingProxyType({})
OWN: ContextVar[OwnLabels] = ContextVar("own_labels", default=NO_LABELS)
"""What the company calls fields of its own, by field and language, in what goes on here."""
WORDS = re.compile(r"[_-]|(?<=[a-z])(?=[A-Z])")


def of(group: Group, name: str, language: str) -> str:
    """The label of a name: the entry that says most of where it stands, or the name in words.

    `customers.name` is looked up as such, and then as `name`. What has no label in Chinese has
    its English one.
    """
    if group == "field" and (own := OWN.get().get((name.rpartition(".")[2], language))):
        return own
    every = [language, "en"] if language != "en" else ["en"]
    found = (known for each in every if (known := written(group, name, each)))
    return next(found, "") or spelt(name)


def followed(owner: str, name: str, language: str) -> str:
    """The label of a field of what another field names: `item.category` is "Item · Category"."""
    return " · ".join(of("field", f"{owner}.{part}", language) for part in name.split("."))


def written(group: Group, name: str, language: str) -> str | None:
    """The label that a catalogue has for the name itself, or for less of it."""
    entries = catalogue(language)
    return next((entries[group, one] for one in names(name) if (group, one) in entries), None)


def names(name: str) -> Iterator[str]:
    """A name as it is looked up, from the longest to the shortest."""
    parts = name.split(".")
    return (".".join(parts[start:]) for start in range(len(parts)))


def spelt(name: str) -> str:
    """A name in words: `registered_at` is "Registered at"."""
    words = " ".join(WORDS.split(name.rpartition(".")[2]))
    return words[:1].upper() + words[1:].lower()


class LabelEntry(NamedTuple):
    """A label; where there is a plural, `names` and `texts` are two."""

    group: str
    names: tuple[str, ...]
    texts: tuple[str, ...]


@cache
def catalogue(language: str) -> Mapping[tuple[str, str], str]:
    """The labels of a language by group and name; what has a plural is found by that, too."""
    found = dict(label for kind in _plain() for label in plain_labels.of(kind, language))
    for entry in entries(language):
        for place, name in enumerate(entry.names):
            found[entry.group, name] = entry.texts[min(place, len(entry.texts) - 1)]
    return found


def about(text: str | None, language: str) -> str | None:
    """What a docstring or a description says, on one line, in a language; else in English."""
    if text is None:
        return None
    said = " ".join(text.split())
    return said if language == "en" else helps(language).get(said, said)


@cache
def helps(language: str) -> Mapping[str, str]:
    """What is said in a language, by what is said in English."""
    found = dict(one for kind in _plain() for one in plain_labels.about(kind))
    return found | {entry.names[0]: entry.texts[0] for entry in entries(language, HELP)}


def entries(language: str, domain: str = LABELS) -> Iterator[LabelEntry]:
    """The entries of a language's catalogue that say something."""
    from babel.messages.pofile import read_po  # here: most processes never show a label

    path = FOLDER / language.replace("-", "_") / "LC_MESSAGES" / f"{domain}.po"
    with path.open("rb") as file:
        for message in read_po(file):
            names, texts = _each(message.id), _each(message.string)
            if names[0] and all(texts):
                yield LabelEntry(message.context or "", names, texts)


def _plain() -> Iterator[type[Plain[Any]]]:
    from services.bootstrap import CONTEXTS  # here: it brings the whole platform

    for context in CONTEXTS:
        yield from context.plain


def _each(said: Any) -> tuple[str, ...]:
    """The singular and the plural, or the one there is."""
    return tuple(said) if isinstance(said, (tuple, list)) else (said or "",)
