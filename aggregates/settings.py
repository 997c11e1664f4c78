"""Settings: the rules that differ between companies, each with a default that works at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any, ClassVar, Self, dataclass_transform, get_args, get_type_hints


@dataclass_transform(frozen_default=True)
class SettingsModel:
    """`class EarningSettings(SettingsModel, id="loyalty.earning")` is a frozen dataclass; its id
    begins with its context.

    A field is a whole number, a truth, a text, one of several words, a tuple of ids or a tuple of
    parts, may be None where it says so, and has a default. A part is a frozen dataclass of such
    fields. None is ever renamed or removed: versions that were in force name it for ever.
    """

    known: ClassVar[dict[str, type["SettingsModel"]]] = {}
    id: ClassVar[str] = ""

    def __init_subclass__(cls, *, id: str = "") -> None:
        dataclass(frozen=True)(cls)
        if id and SettingsModel.known.setdefault(id, cls) is not cls:
            raise TypeError(f"two settings are named {id}")
        cls.id = id

    def check(self) -> None:
        """Raise a refusal where the values do not fit together."""

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """The settings that an event names; what it does not name has its default."""
        made: Self = _made(cls, values)
        return made

    def values(self) -> dict[str, Any]:
        """As an event keeps them."""
        return {name: _plain(value) for name, value in vars(self).items()}


def named_twice(names: Sequence[str]) -> str | None:
    """The first name that stands more than once."""
    return next((name for name in names if names.count(name) > 1), None)


def part_of(hint: Any) -> type[Any] | None:
    """The dataclass of the parts that a field lists, where it lists parts."""
    inner = [hint, *get_args(hint), *(one for each in get_args(hint) for one in get_args(each))]
    return next((one for one in inner if isinstance(one, type) and is_dataclass(one)), None)


@cache
def _parts(shape: Any) -> Mapping[str, type[Any] | None]:
    hints = get_type_hints(shape, include_extras=True)
    return {field.name: part_of(hints[field.name]) for field in fields(shape)}


def _made(shape: Any, values: Mapping[str, Any]) -> Any:
    known = _parts(shape)
    told = {name: _frozen(known[name], one) for name, one in values.items() if name in known}
    return shape(**told)


def _frozen(part: type[Any] | None, value: Any) -> Any:
    if part is not None and isinstance(value, list):
        return tuple(_made(part, one) for one in value)
    return tuple(value) if isinstance(value, list) else value


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return {n: _plain(v) for n, v in vars(value).items()} if is_dataclass(value) else value
