"""What a plain kind, its commands and its events are called follows from its noun."""

from collections.abc import Iterator
from typing import Any

from aggregates.plain import Plain
from commands.plain import verbs

COMMANDS = ("登记{}", "修改{}资料", "关闭{}", "重新启用{}", "撤回{}")
EVENTS = ("{}已登记", "{}资料已修改", "{}已关闭", "{}已重新启用", "{}已撤回")
"""In the order of the verbs and of the events; in English the names in words say it."""

ABOUT = (
    "登记{}。",
    "更正{}资料；不填的保持不变，null 表示清空。",
    "关闭{}：不再用于新业务。",
    "重新启用已关闭的{}。",
    "撤回误登记且未被引用的{}。",
)

Label = tuple[tuple[str, str], str]
"""Group and name, and the text."""


def of(kind: type[Plain[Any]], language: str) -> Iterator[Label]:
    en, zh = kind.noun
    if language == "en":
        yield ("kind", kind.kind), en.capitalize()
        yield ("kind", kind.plural), kind.plural.capitalize().replace("_", " ")
        return
    yield ("kind", kind.kind), zh
    yield ("kind", kind.plural), zh
    for command, text in zip(verbs(kind), COMMANDS, strict=True):
        yield ("command", command.slug()), text.format(zh)
    for event, text in zip(kind.events, EVENTS, strict=True):
        yield ("event", event.__name__), text.format(zh)


def about(kind: type[Plain[Any]]) -> Iterator[tuple[str, str]]:
    """What its commands are for, in Chinese, by what they say in English."""
    for command, text in zip(verbs(kind), ABOUT, strict=True):
        yield " ".join((command.__doc__ or "").split()), text.format(kind.noun[1])
