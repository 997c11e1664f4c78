"""Which fields of a list have values that lie in a tree."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from projections.engine.record import Record
from projections.engine.trees import parent
from services.bootstrap import RECORDS


@cache
def trees(record: Record[Any]) -> Mapping[str, Record[Any]]:
    """The tree that the values of each field are in; `id` is among them in a tree's own list."""
    known = {one.kind.kind: one for one in RECORDS if parent(one) is not None}
    named = {name: field.mark.names for name, field in record.fields.items()}
    every = {"id": record.kind.kind, **named}
    return {name: known[kind] for name, kind in every.items() if kind in known}
