"""What notices say: made of labels and of the events, in the reader's language."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from infra.events import Recorded
from services import labels
from services.bootstrap import Platform
from services.notices.conditions import BY_KIND
from services.notices.declared import REFUSED
from services.processes import refusals

COLON, COMMA = {"en": ": ", "zh-CN": "："}, {"en": ", ", "zh-CN": "，"}


class NoticeRow(Protocol):
    """A row of the inbox, or of what is sent."""

    @property
    def position(self) -> int: ...
    @property
    def source(self) -> str: ...
    @property
    def stream(self) -> str: ...


class NoticeText(NamedTuple):
    """`about` is empty where the event says no more than its name."""

    title: str
    about: str
    link: str


def texts(
    platform: Platform, rows: Sequence[NoticeRow], language: str
) -> list[tuple[Recorded, NoticeText]]:
    """What each row says, with its event."""
    positions = sorted({row.position for row in rows})
    with platform.database.read() as connection:
        events = {one.position: one for one in platform.store.at(connection, positions)}
        several = [row.position for row in rows if row.source]
        refused = refusals.by_source(connection, platform.store.log, several) if several else {}
    found = list[tuple[Recorded, NoticeText]]()
    for row in rows:
        event = events[row.position]
        if row.source:
            said = _of_refusal(refused[row.position, row.source], language)
        else:
            said = _of_event(event, platform.log.event(event), language)
        found.append((event, said))
    return found


def _of_event(event: Recorded, decoded: Any, language: str) -> NoticeText:
    what, thing = labels.of("event", event.type, language), _called(event.stream, language)
    title = f"{what}{COLON[language]}{thing}"
    return NoticeText(title, _about(decoded, language), link(event.stream))


def _of_refusal(row: Mapping[str, Any], language: str) -> NoticeText:
    what = labels.of("notice", REFUSED, language)
    command = labels.of("command", row["command"], language)
    parts = row["process"], command, _called(row["stream"], language)
    title = f"{what}{COLON[language]}{COMMA[language].join(parts)}"
    return NoticeText(title, f"{row['refusal']}: {row['message']}", link(row["stream"]))


def _called(stream: str, language: str) -> str:
    kind, _, key = stream.partition("-")
    return f"{labels.of('kind', kind, language)} {key}"


def _about(decoded: Any, language: str) -> str:
    if decoded.refusal:
        en, zh = decoded.said()
        return str(zh if language == "zh-CN" else en)
    return str(getattr(decoded, "reason", None) or "")


def link(stream: str) -> str:
    """The address of the thing: its record, or its stream where it has none."""
    kind, _, key = stream.partition("-")
    record = BY_KIND.get(kind)
    return f"/streams/{stream}" if record is None else f"/{record.name}/{key}"
