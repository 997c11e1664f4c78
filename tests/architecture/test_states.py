"""Every state can be kept as a snapshot, and read again: what it is keyed by is a name in JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from datetime import date
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
import pytest

from aggregates import Aggregate
from services.bootstrap import AGGREGATES

NAMES = {str, int, date}


def keys(hint: Any, seen: set[Any]) -> Iterator[Any]:
    """What the mappings within a type are keyed by."""
    if get_origin(hint) in (Mapping, dict):
        yield get_args(hint)[0]
    for one in get_args(hint) if get_origin(hint) is not Literal else ():
        yield from keys(one, seen)
    if isinstance(hint, type) and hint not in seen and (is_dataclass(hint) or _named(hint)):
        seen.add(hint)
        for each in get_type_hints(hint).values():
            yield from keys(each, seen)


def _named(hint: type) -> bool:
    return issubclass(hint, tuple) and hasattr(hint, "_fields")


def test_what_a_state_is_keyed_by_is_a_name_in_json() -> None:
    found = {
        (aggregate.__name__, key)
        for aggregate in AGGREGATES
        for key in keys(aggregate, set())
        if key not in NAMES and get_origin(key) is not Literal
    }
    assert found == set()


@pytest.mark.parametrize("aggregate", AGGREGATES, ids=lambda aggregate: aggregate.kind)
def test_a_state_is_read_again_as_it_was_kept(aggregate: type[Aggregate]) -> None:
    """Two kinds of event in one field could not be told apart."""
    assert msgspec.json.schema(aggregate)
    assert msgspec.json.decode(msgspec.json.encode(aggregate()), type=aggregate) == aggregate()
