"""A field that stands twice in one JSON object: readers of JSON keep the last, or the first."""

from collections.abc import Sequence
from json import JSONDecoder
from typing import Any

Pairs = Sequence[tuple[str, Any]]
Path = tuple[str | int, ...]
WORDS = "This field stands twice: write it once", "此字段出现了两次：请只写一次"


class _Twice(Exception):
    pass


class _Marked(dict[str, Any]):
    """An object with the name that stands twice in it."""

    name = ""


def _once(pairs: Pairs) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Twice
    return found


def _marked(pairs: Pairs) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    found = _Marked(pairs)
    found.name = next((name for name in names if names.count(name) > 1), "")
    return found


# A number may have more digits than Python turns into one: nobody asks for its value here.
ONCE = JSONDecoder(object_pairs_hook=_once, parse_int=str, parse_float=str)
MARKED = JSONDecoder(object_pairs_hook=_marked, parse_int=str, parse_float=str)


def duplicate_field(body: bytes | str) -> Path | None:
    """The path to the first field that stands twice; None where none does, or it is no JSON."""
    try:
        text = body if isinstance(body, str) else body.decode()
        return None if _each_once(text) else _path(MARKED.decode(text))
    except (ValueError, RecursionError):
        return None


def _each_once(text: str) -> bool:
    try:
        ONCE.decode(text)
    except _Twice:
        return False
    return True


def _path(value: Any) -> Path | None:
    if isinstance(value, _Marked) and value.name:
        return (value.name,)
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    else:
        return None
    paths = ((name, _path(each)) for name, each in inner)
    return next(((name, *path) for name, path in paths if path is not None), None)
