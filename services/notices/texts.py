"""What a notice says: made of labels and of the event, in the reader's language."""

from typing import Any, NamedTuple

from infra.events import Recorded
from services import labels
from services.notices.conditions import BY_KIND


class NoticeText(NamedTuple):
    """`about` is empty where the event says no more than its name."""

    title: str
    about: str
    link: str


def text(event: Recorded, decoded: Any, language: str) -> NoticeText:
    what = labels.of("event", event.type, language)
    kind = labels.of("kind", event.kind, language)
    return NoticeText(f"{what}: {kind} {event.key}", _about(decoded, language), link(event.stream))


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
