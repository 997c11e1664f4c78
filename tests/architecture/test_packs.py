"""Whoever tells how many of a product may say so in packs, and it means so many pieces."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, get_args

import pytest
from architecture.test_repeats import SAMPLES, Sample, add
from pydantic import BaseModel
from scenario import World

from aggregates import Event
from aggregates.catalog.product import Product
from aggregates.catalog.unit import Unit
from aggregates.packs import Packed
from commands import Command
from commands.plain import verbs

NO_GOODS = {
    "SetListPrice.breaks": "from how many pieces on a price holds",
    "DraftAgreement": "a target over many products",
    "ReviseAgreement": "a target over many products",
    "JoinBacklog": "asked by the process, of what an order is short of",
    "EnterStatementLine": "asked by the process, of what was moved",
    "FileClaim": "pieces that are damaged, of a line that was delivered in whole packs",
}
TOLD = "quantity", "counted"


def models(kind: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A request, and what its lines are."""
    yield kind
    for field in kind.model_fields.values():
        for one in _within(field.annotation):
            yield from models(one)


def _within(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for one in get_args(annotation):
        yield from _within(one)


def test_whatever_tells_how_many_of_a_product_may_name_a_unit() -> None:
    goods = {"item", "line"}
    without = {
        kind.__name__
        for command in Command.known.values()
        for kind in models(command)
        if goods & kind.model_fields.keys()
        and set(TOLD) & kind.model_fields.keys()
        and "unit" not in kind.model_fields
    }
    assert without <= NO_GOODS.keys()


def parts(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else ()


def in_pairs(value: Any, *, told: bool) -> Any:
    """The same request of so many pairs, or of twice as many pieces."""
    changes: dict[str, Any] = {}
    for name in value.__class__.model_fields:
        one = getattr(value, name)
        if any(isinstance(part, BaseModel) for part in parts(one)):
            changes[name] = tuple(in_pairs(part, told=told) for part in one)
    if "unit" in value.__class__.model_fields:
        many = {name: getattr(value, name, None) for name in (*TOLD, "lost")}
        if told:
            changes["unit"] = "pair"
        else:
            changes |= {name: 2 * one for name, one in many.items() if one}
            if (price := getattr(value, "unit_price", None)) is not None:
                changes["unit_price"] = price // 2
    return value.model_copy(update=changes)


def plain(value: Any, said: list[Packed]) -> Any:
    """The fact as if it had been told by the piece; what was said is noted."""
    if isinstance(value, tuple):
        return tuple(plain(one, said) for one in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    names = [field.name for field in fields(value) if field.name != "content"]  # a digest of it
    changes = {name: plain(getattr(value, name), said) for name in names}
    changes |= {"content": None} if len(names) < len(fields(value)) else {}
    if (packed := changes.get("packed")) is not None:
        said.append(packed)
        changes["packed"] = None
    return replace(value, **changes)


def asked(sample: Sample, *, told: bool) -> tuple[Event, ...]:
    world = World()
    world.ask(*sample.before)
    if not world.load(Product, "A").exists:
        world.ask(*add)
    unit = world.load(Product, "A").unit
    world.ask(verbs(Unit).register(id=unit, name="each"))
    world.ask(verbs(Unit).register(id="pair", name="pair", base=unit, factor=2))
    return world.ask(in_pairs(sample.command, told=told))


def in_units(command: Command) -> bool:
    told = (
        {*TOLD} & kind.model_fields.keys()
        for kind in models(type(command))
        if "unit" in kind.model_fields
    )
    return any(told)


GOODS = [sample for sample in SAMPLES if in_units(sample.command)]


@pytest.mark.parametrize("sample", GOODS, ids=lambda one: one.command.slug())
def test_what_is_said_in_packs_is_so_many_pieces_and_kept_as_it_was_said(sample: Sample) -> None:
    said: list[Packed] = []
    in_packs = asked(sample, told=True)
    assert plain(in_packs, said) == plain(asked(sample, told=False), [])
    if in_packs:
        assert {(one.unit, one.factor) for one in said} == {("pair", 2)}
