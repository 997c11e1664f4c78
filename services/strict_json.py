"""What readers of JSON take without a word: a field that stands twice in one object, of which they
keep the last, or the first; and numbers that are none, such as NaN or 1e999.
"""

from collections.abc import Sequence
from json import JSONDecoder
from math import isinf
from typing import Any, NamedTuple

Pairs = Sequence[tuple[str, Any]]
Path = tuple[str | int, ...]


class JsonFault(NamedTuple):
    """The path to what is wrong, and what to do."""

    path: Path
    code: str
    en: str
    zh: str


TWICE = "twice", "This field stands twice: write it once", "此字段出现了两次：请只写一次"
NO_NUMBER = (
    "no_number",
    "This is no number that JSON can say: write its digits, or leave it out",
    "JSON 无法表示此数值：请填写具体数字，或不填",
)


class _Faulty(Exception):
    pass


class _NoNumber:
    """Stands where there is no number."""


class _Marked(dict[str, Any]):
    """An object with the name that stands twice in it."""

    name = ""


def _once(pairs: Pairs) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Faulty
    return found


def _marked(pairs: Pairs) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    found = _Marked(pairs)
    found.name = next((name for name in names if names.count(name) > 1), "")
    return found


def _finite(digits: str) -> str:
    if isinf(float(digits)):
        raise _Faulty
    return digits


def _named(_: str) -> str:
    raise _Faulty


def _or_none(digits: str) -> Any:
    return _NoNumber() if isinf(float(digits)) else digits


def _no_number(_: str) -> Any:
    return _NoNumber()


# A number may have more digits than Python turns into one: nobody asks for its value here.
SOUND = JSONDecoder(
    object_pairs_hook=_once, parse_int=str, parse_float=_finite, parse_constant=_named
)
MARKED = JSONDecoder(
    object_pairs_hook=_marked, parse_int=str, parse_float=_or_none, parse_constant=_no_number
)


def fault_in(body: bytes | str) -> JsonFault | None:
    """The first of these faults; None where there is none, or it is no JSON."""
    try:
        text = body if isinstance(body, str) else body.decode()
        return None if _sound(text) else _fault(MARKED.decode(text), ())
    except (ValueError, RecursionError):
        return None


def _sound(text: str) -> bool:
    try:
        SOUND.decode(text)
    except _Faulty:
        return False
    return True


def _fault(value: Any, path: Path) -> JsonFault | None:
    if isinstance(value, _NoNumber):
        return JsonFault(path, *NO_NUMBER)
    if isinstance(value, _Marked) and value.name:
        return JsonFault((*path, value.name), *TWICE)
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    else:
        return None
    found = (_fault(each, (*path, name)) for name, each in inner)
    return next((one for one in found if one is not None), None)
