"""A message of one notice, or of all those of a digest, in the words of its reader."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from infra.clock import iso
from services.bootstrap import Platform
from services.notices.deliveries import NoticeDelivery
from services.notices.texts import texts

DIGEST = {"en": "{count} notices", "zh-CN": "{count} 条通知"}


class NoticeMessage(NamedTuple):
    """`id` is the same however often it is sent; `items` are the notices, as programs read them."""

    id: str
    subject: str
    text: str
    items: list[dict[str, Any]]


def message(platform: Platform, rows: Sequence[NoticeDelivery]) -> NoticeMessage:
    """Of deliveries that are sent as one."""
    items, lines = list[dict[str, Any]](), list[str]()
    told = texts(platform, rows, rows[0].language)
    for row, (event, said) in zip(rows, told, strict=True):
        address = f"{platform.settings.public_url or ''}{said.link}"
        items.append(
            {
                "notice": row.subscription,
                "title": said.title,
                "about": said.about,
                "link": address,
                "log": row.log,
                "position": row.position,
                "stream": row.stream,
                "type": row.type,
                "occurred_at": iso(event.occurred_at),
            }
        )
        lines.append("\n".join(part for part in (said.title, said.about, address) if part))
    subject = items[0]["title"]
    if len(rows) > 1:
        subject = DIGEST[rows[0].language].format(count=len(rows))
    return NoticeMessage(rows[0].message, subject, "\n\n".join(lines), items)
