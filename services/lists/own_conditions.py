"""Conditions of a list that depend on who asks alone, `waiting=me`: each declared with its kind."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from projections.engine.record import Record
from services.bootstrap import CONTEXTS
from services.lists.own_condition import OwnCondition


def own_conditions(record: Record[Any]) -> Mapping[str, OwnCondition]:
    """Those of a list, by their names."""
    return _named(record.name)


@cache
def _named(record: str) -> Mapping[str, OwnCondition]:
    every = (one for context in CONTEXTS for one in context.own_conditions)
    return {one.name: one for one in every if one.record.name == record}
