"""What may be asked of things of a plain kind: register, change, close, reopen, withdraw them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import Field, create_model

from aggregates import Event, anew, marks
from aggregates.bounds import MOST
from aggregates.customers.customer import Customer
from aggregates.operations.register import Register
from aggregates.plain import REGISTERED, Plain, circle, too_deep
from commands import (
    Amount,
    Command,
    Currency,
    Decision,
    Id,
    Load,
    Share,
    Text,
    Whole,
    registers,
)
from commands.change import Change, Kept
from commands.fields import DayText
from commands.withdrawal import Withdrawal

DEEPEST = 50
"""Levels that a tree may have."""
UNITS: Mapping[str | None, Any] = {"minor": Amount, "basis_points": Share}
"""What a whole number may be that is money, or a share."""
KEPT: Any = Kept
"""Of a type that is known only when it runs."""


class Verbs(NamedTuple):
    """The commands of a plain kind."""

    register: type[Any]
    change: type[Any]
    close: type[Any]
    reopen: type[Any]
    withdraw: type[Any]


class _Register(Command):
    begins: ClassVar[bool] = True

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        kind: Any = self.aggregate
        state, register = load(kind, self.id), load(Register, kind.plural)
        if state.first is not None:
            times = state.registrations if state.registrations > 1 else None
            load.event(kind, self.id, anew(REGISTERED, times))  # so that the answer tells of it
        entries = [*register.enter(self.id)]
        told = {name: getattr(self, name) for name in kind.fields()}
        for event in state.register(kind.details(**told)):
            _check(load, kind, self.id, told)
            yield self.stream, event
        for entry in entries:
            yield Register.stream(kind.plural), entry


class _Change(Change):
    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        kind: Any = self.aggregate
        state, told = load(kind, self.id), self.told(*kind.fields())
        for event in state.change(told):
            news = {
                name: value for name, value in told.items() if value != getattr(state.now, name)
            }
            _check(load, kind, self.id, news)
            yield self.stream, event


class _Close(Command, when=lambda state: state.closed is None):
    reason: Text

    def decide(self, state: Any, at: datetime) -> Iterator[Event]:
        return state.close(self.reason)  # type: ignore[no-any-return]


class _Reopen(Command, when=lambda state: state.closed is not None):
    def decide(self, state: Any, at: datetime) -> Iterator[Event]:
        return state.reopen()  # type: ignore[no-any-return]


class _Withdraw(Withdrawal):
    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        kind: Any = self.aggregate
        struck = list(load(Register, kind.plural).strike(self.id))
        yield from super().across(load, at)
        for event in struck:
            yield Register.stream(kind.plural), event


def _check(load: Load, kind: type[Plain[Any]], id: str, told: Mapping[str, Any]) -> None:
    """Refuse to name what is not there or is closed, and in a tree what lies below."""
    for name, field in kind.fields().items():
        named = told.get(name)
        if field.mark.names is not None and named is not None:
            registers.there(load, field.mark.names, named)
            if name == "dealer":
                registers.dealer(load, named)
            if field.mark.names == Customer.kind:
                load(Customer, named).not_merged()
            if field.mark.names == kind.kind:
                _no_circle(load, kind, id, name, named)


def _no_circle(load: Load, kind: type[Plain[Any]], id: str, name: str, above: str | None) -> None:
    for level, one in enumerate(upwards(load, kind, name, above), 1):
        if one == id:
            raise circle(id)
        if level == DEEPEST:
            raise too_deep(DEEPEST)


def upwards(load: Load, kind: type[Plain[Any]], field: str, first: str | None) -> Iterator[str]:
    """A thing of a tree, and all that lies above it; `DEEPEST` of them at most."""
    above = first
    for _ in range(DEEPEST):
        if above is None:
            return
        yield above
        above = getattr(load(kind, above).now, field, None)


_verbs: dict[str, Verbs] = {}


def verbs(kind: type[Plain[Any]]) -> Verbs:
    """The commands of a plain kind, with its fields as they are declared."""
    if kind.kind not in _verbs:
        _verbs[kind.kind] = _made_of(kind)
    return _verbs[kind.kind]


def _made_of(kind: type[Plain[Any]]) -> Verbs:
    known: Mapping[str, marks.Field] = kind.fields()
    if strange := [f for f in known.values() if not registers.knows(f.mark.names)]:
        raise TypeError(f"{kind.kind}: nobody can say whether the {strange[0].mark.names} exists")
    noun, every = kind.noun[0], ", ".join(known)
    some = f"Correct what is known of a {noun} ({every}); what is left out stays, null clears it."
    return Verbs(
        _made(kind, _Register, f"Register a {noun}. {kind.__doc__}", _whole),
        _made(kind, _Change, some, _kept),
        _made(kind, _Close, f"Close a {noun}: it takes on nothing new."),
        _made(kind, _Reopen, f"Use a closed {noun} again."),
        _made(kind, _Withdraw, f"Take back a {noun} registered by mistake, that nothing names."),
    )


def _made(
    kind: type[Plain[Any]],
    base: type[Command],
    said: str,
    asked: Callable[[marks.Field], Any] | None = None,
) -> type[Any]:
    fields: dict[str, Any] = {}
    if asked is not None:
        fields = {name: asked(field) for name, field in kind.fields().items()}
    name = f"{base.__name__.removeprefix('_')}{kind.__name__}"
    made: type[Any] = create_model(
        name, __base__=base, __cls_kwargs__={"of": kind}, __doc__=said, **fields
    )
    return made


def _whole(field: marks.Field) -> Any:
    kind = _type(field)
    return (kind | None, None) if field.optional else (kind, ...)


def _kept(field: marks.Field) -> Any:
    kind, kept = _type(field), KEPT
    return (kind | None if field.optional else kept[kind], None)


def _type(field: marks.Field) -> Any:
    if field.choices:
        return Literal[field.choices]
    if field.mark.day:
        return DayText
    if field.mark.unit in UNITS:
        return UNITS[field.mark.unit]
    if field.name == "currency":
        return Currency
    if field.type is int:
        return Annotated[Whole, Field(ge=field.mark.least, le=field.mark.most or MOST)]
    return Text if field.mark.names is None else Id
