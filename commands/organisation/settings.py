"""What may be asked about settings: change some of them, from an instant on."""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, create_model

from aggregates import marks
from aggregates.bounds import MOST
from aggregates.organisation.settings import CompanySettings
from aggregates.settings import SettingsModel, part_of
from commands import Begun, Command, Decision, Id, Load, Text, Truth, When, Whole
from commands.approvals.second_person import command_name
from commands.fields import fault
from commands.organisation import settings_names

COMMAND = "command"
"""What a field of settings names that lists commands."""
MOST_WORDS = 500
"""Texts that one field of settings may list."""


class _Values(BaseModel):
    """What a change of settings may set; each field can be left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _entered_now(at: datetime | None) -> None:
    if at is not None:
        raise fault(
            "entered_now",
            "A change of settings is never dated back: leave this out, and give valid_from"
            " where it is to hold from a later instant on",
            "设置的更改不能倒填日期：此项请留空；如需以后生效，请填写 valid_from",
        )


def _known(id: str) -> str:
    if id in SettingsModel.known:
        return id
    near = next(iter(get_close_matches(id, SettingsModel.known, 1, 0)), "")
    raise fault(
        "unknown_settings",
        "There are no settings {id}. GET /settings lists all, such as {near}.",
        "没有设置 {id}。GET /settings 列出了全部设置，例如 {near}。",
        id=id,
        near=near,
    )


def _typed(values: Mapping[str, Any], info: ValidationInfo) -> Mapping[str, Any]:
    """The values as their settings declare them; each fault is named by its field."""
    if (known := info.data.get("id")) is None:
        return values  # of which settings they are is wrong already
    told = values_model(SettingsModel.known[known]).model_validate(values)
    return told.model_dump(mode="json", exclude_unset=True)


CommandName = Annotated[Id, AfterValidator(command_name)]
SettingsId = Annotated[Id, AfterValidator(_known)]
Values = Annotated[dict[str, Any], Field(min_length=1), AfterValidator(_typed)]


class ChangeSettings(Command, of=CompanySettings):
    """Change some of a company's settings, now or from an instant ahead; the others stay.

    What was decided before stays as it was: the date of a change cannot lie in the past.
    """

    id: SettingsId = Field(examples=["loyalty.earning"])
    occurred_at: Annotated[When | None, AfterValidator(_entered_now)] = Field(
        None, description="Left out: a change is made when it is entered."
    )
    values: Values = Field(description="Those that change, by name.", examples=[{"points": 2}])
    valid_from: When | None = Field(
        None,
        description="From when on: an instant, or a business day, from its beginning on. Now,"
        " unless told otherwise.",
    )
    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        model, since = SettingsModel.known[self.id], self._since(at)
        state: CompanySettings = load(CompanySettings, self.id)
        for event in state.change(model, self.values, since, at, self.reason):
            settings_names.check(load, model, self.values)
            yield self.stream, event

    def _since(self, at: datetime) -> datetime | None:
        """The instant as an event keeps it; none is now, as today is."""
        since = self.valid_from
        if since is None or (isinstance(since, Begun) and since <= at <= since.last):
            return None
        return datetime.combine(since.date(), since.timetz()).astimezone(UTC)


_models: dict[str, type[BaseModel]] = {}


def values_model(settings: type[SettingsModel]) -> type[BaseModel]:
    """The model of the values of a change."""
    if settings.id not in _models:
        _models[settings.id] = _made(settings)
    return _models[settings.id]


def _made(shape: type[Any]) -> type[BaseModel]:
    """The model of settings, or of one of their parts, some of whose fields must be given."""
    hints = get_type_hints(shape, include_extras=True)
    defaults = {one.name: ... if one.default is MISSING else one.default for one in fields(shape)}
    asked: dict[str, Any] = {name: (_checked(hints[name]), v) for name, v in defaults.items()}
    return create_model(f"{shape.__name__}Values", __base__=_Values, **asked)


def _checked(hint: Any) -> Any:
    """A type as strict as those of all requests."""
    said = marks.mark(hint)
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    some = [one for one in get_args(hint) if one is not type(None)]
    optional = type(None) in get_args(hint)
    kind: Any = some[0] if optional else hint
    if get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    checked = _plain(kind, said)
    return checked | None if optional else checked


def _plain(kind: Any, said: marks.Marker) -> Any:
    if kind is int:
        return Annotated[Whole, Field(ge=said.least, le=said.most or MOST), said]
    if kind is bool:
        return Truth
    if kind is str:
        return Annotated[Text, said]
    if get_origin(kind) is tuple and said.names == COMMAND:
        return Annotated[tuple[CommandName, ...], Field(max_length=MOST_WORDS), said]
    if get_origin(kind) is tuple and get_args(kind) == (str, ...):
        return Annotated[tuple[Id, ...], Field(max_length=MOST_WORDS)]
    if (part := part_of(kind)) is not None:
        made: Any = _made(part)
        return Annotated[tuple[made, ...], Field(max_length=MOST_WORDS)]
    if get_origin(kind) is Literal:
        return kind
    raise TypeError(f"settings hold whole numbers, truths and texts, not {kind}")
