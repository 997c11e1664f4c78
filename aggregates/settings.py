"""Settings: the rules that differ between companies, each with a default that works at once."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self, dataclass_transform


@dataclass_transform(frozen_default=True)
class SettingsModel:
    """`class EarningSettings(SettingsModel, id="loyalty.earning")` is a frozen dataclass; its id
    begins with its context.

    A field is a whole number, a truth, a text, one of several words or a tuple of ids, may be
    None where it says so, and has a default. None is ever renamed or removed: versions that were
    in force name it for ever.
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
        own = {field.name for field in fields(cls)}  # type: ignore[arg-type]
        told = {name: _frozen(value) for name, value in values.items() if name in own}
        return cls(**told)

    def values(self) -> dict[str, Any]:
        """As an event keeps them."""
        return {name: _plain(value) for name, value in vars(self).items()}


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
