"""Leaving out what a reader may not see, however deep it is."""

from collections.abc import Collection
from typing import Any


def without(value: Any, hidden: Collection[str]) -> Any:
    """What JSON can have, without the fields that are called so."""
    if isinstance(value, dict):
        return {n: without(inner, hidden) for n, inner in value.items() if n not in hidden}
    if isinstance(value, list | tuple):
        return [without(inner, hidden) for inner in value]
    return value
