"""A change names what it changes: what is left out stays as it is, and null clears it."""

from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field

from commands import Command
from commands.fields import fault

T = TypeVar("T")


def _not_null(value: Any) -> Any:
    if value is None:
        en = "This cannot be empty: leave it out to keep it as it is"
        raise fault("never_empty", en, "此项不能为空；不填则保持不变")
    return value


def _without_null(schema: dict[str, Any]) -> None:
    schema.pop("default", None)
    value, _ = schema.pop("anyOf")
    schema.update(value)


Kept = Annotated[T | None, BeforeValidator(_not_null), Field(json_schema_extra=_without_null)]
"""A field of a change that can be left out and cannot be cleared."""


class Change(Command):
    """A request to change some of what is known; what is left out stays, and null clears."""

    def told(self, *names: str) -> dict[str, Any]:
        """Those of the fields that were told, with null where they were cleared."""
        return {name: getattr(self, name) for name in names if name in self.model_fields_set}

    def cleared(self) -> tuple[str, ...]:
        """A key stands for what was cleared, too: left out is another request than null."""
        names = sorted(self.model_fields_set - Command.model_fields.keys())
        return tuple(name for name in names if getattr(self, name) is None)
