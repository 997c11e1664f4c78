"""What was withdrawn is named by nothing new, whether or not names are looked up."""

from collections.abc import Iterator
from typing import Any

import pytest
from architecture.test_repeats import SAMPLES, Sample, slug
from pydantic import BaseModel
from scenario import World

from aggregates import Aggregate, Event, Refused
from aggregates.mentions import PLACE, mentions
from commands import Command, registers

WITHDRAWN = {
    name: Event.known[f"{kind.__name__}Withdrawn"]
    for name, kind in Aggregate.kinds.items()
    if f"{kind.__name__}Withdrawn" in Event.known
}
"""The event of each kind that can be withdrawn."""
PLACES = "customer", "warehouse"


def named(world: World, command: Command) -> set[tuple[str, str]]:
    """What the command's events name, of what could have been withdrawn before."""
    ready = World(world.streams)
    try:
        ready.ask(command)
    except Refused:
        return set()
    found = {
        mention
        for stream, events in ready.streams.items()
        for kind, _, own in (stream.partition("-"),)
        for event in events[len(world.streams.get(stream, ())) :]
        for mention in mentions(Aggregate.kinds[kind], own, event)
    }
    found = {(what, name) for what, name in found if name in _told(command)}
    dealers = {name for what, name in found if what == "customer"}
    return {
        (kind, name)
        for what, name in found
        for kind in _kinds(world, what, name)
        if kind in WITHDRAWN and not world.load.naming(Aggregate.kinds[kind], name)
        if kind != "warehouse" or name not in dealers
    }


def _told(value: Any) -> set[str]:
    """All texts of a command, in its lines as well."""
    if isinstance(value, BaseModel):
        return {text for one in value.__dict__.values() for text in _told(one)}
    if isinstance(value, tuple):
        return {text for one in value for text in _told(one)}
    return {value} if isinstance(value, str) else set()


def _kinds(world: World, what: str, name: str) -> tuple[str, ...]:
    """A place is a warehouse or a dealer."""
    there = tuple(one for one in PLACES if f"{one}-{name}" in world.streams)
    return (there or PLACES) if what == PLACE else (what,)


def variants(sample: Sample) -> Iterator[Command]:
    """The command, and the same with each of its fields changed."""
    yield sample.command
    for name, value in sample.others.items():
        yield sample.command.model_copy(update={name: value})


@pytest.mark.parametrize("checked", [False, True])
@pytest.mark.parametrize("sample", SAMPLES, ids=slug)
def test_what_was_withdrawn_is_not_named_anew(sample: Sample, *, checked: bool) -> None:
    world, taken = World(), set[str]()
    world.ask(*sample.before)
    for command in variants(sample):
        for kind, name in named(world, command):
            gone = World(world.streams)
            stream = f"{kind}-{name}"
            gone.streams[stream] = (*gone.streams.get(stream, ()), WITHDRAWN[kind]("wrong"))
            registers.use(checked=checked)
            try:
                gone.ask(command)
                taken.add(f"{stream} in {command!r}")
            except Refused:
                pass
            finally:
                registers.use(checked=False)
    assert taken == set()
