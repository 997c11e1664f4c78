"""What a refusal that was recorded says: the figures stand in its event."""

from typing import Any, NamedTuple

import msgspec

from infra.log import Log
from infra.requests import Outcome
from services.faults import Words


class RefusalWords(NamedTuple):
    """The sentence in English and in Chinese, and the figures that were decided on."""

    en: str
    zh: str
    figures: dict[str, Any]


def recorded(log: Log, outcome: Outcome) -> RefusalWords | None:
    """What the event of the refusal says; nothing where the refusal is no event."""
    positions = [event.position for event in outcome.events if event.type == outcome.refusal]
    if not positions:
        return None
    with log.recorder.database.read() as connection:
        [stored] = log.recorder.at(connection, positions[:1])
    event = log.event(stored)
    figures = msgspec.to_builtins(event, str_keys=True)
    shown = {name: value for name, value in figures.items() if name not in event.personal()}
    en, zh = event.said()
    return RefusalWords(en, zh, shown)


def words(log: Log, outcome: Outcome) -> Words:
    """The sentence of a refusal in both languages, whether or not it is an event."""
    said = recorded(log, outcome)
    if said is not None:
        return said.en, said.zh
    return outcome.message or "", outcome.zh or outcome.message or ""
