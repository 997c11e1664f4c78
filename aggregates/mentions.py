"""What an event mentions: every other thing that it names, of whatever kind.

A field is called after what it names, so its name says of which kind that is; one that is called
otherwise is marked `names(kind)`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from functools import cache
from typing import Any, NamedTuple, get_args, get_type_hints

from aggregates import Aggregate, Event
from aggregates.likeness import Likeness
from aggregates.marks import mark

Mention = tuple[str, str]
"""A kind, and the id of a thing of that kind."""
PLACE = "place"
"""A warehouse, or a dealer who keeps goods: an event about goods knows where they are alone."""
NAMED: Mapping[str, str] = {
    "customer": "customer",
    "dealer": "customer",
    "supplier": "customer",
    "rep": "rep",
    "owner": "rep",
    "from_rep": "rep",
    "from_owner": "rep",
    "item": "product",
    "product": "product",
    "products": "product",
    "category": "category",
    "unit": "unit",
    "product_line": "product_line",
    "successor": "product",
    "order": "order",
    "sales_order": "order",
    "split_from": "order",
    "rest": "order",
    "file": "file",
    "lead": "lead",
    "opportunity": "opportunity",
    "pipeline": "pipeline",
    "price_list": "price_list",
    "quotation": "quotation",
    "contract": "contract",
    "claim": "claim",
    "from_pipeline": "pipeline",
    "member": "member",
    "stock_lot": "lot",
    "target": "target",
    "task": "task",
    "appointment": "appointment",
    "organiser": "rep",
    "invoice": "invoice",
    "credit_note": "credit_note",
    "warehouse": PLACE,
    "location": PLACE,
    "from_location": PLACE,
    "to_location": PLACE,
}
"""What a field of an event, or a dimension of a figure, names, by its own name."""
STANDS_FOR: Mapping[str, tuple[str, ...]] = {"customer": ("customer", PLACE), "warehouse": (PLACE,)}
"""What else a thing of a kind may be mentioned as."""


@dataclass(frozen=True)
class ThingRef:
    """Names a thing of whatever kind; without an id, one that has none yet."""

    kind: str
    id: str

    @classmethod
    def of(cls, stream: str) -> "ThingRef":
        kind, _, own = stream.partition("-")
        return cls(kind, own)

    @property
    def stream(self) -> str:
        return f"{self.kind}-{self.id}"


class _Reader(NamedTuple):
    field: str
    kind: str | None
    """Of what it names; None where it holds lines, each with fields of its own, or says itself."""


def mentions(kind: type[Aggregate], id: str, event: Event) -> Iterator[Mention]:
    """Each thing once that an event of the thing `id` names, but for that thing itself; and the
    keys that what is like it has as well.
    """
    seen = {(kind.kind, id)}
    parts = zip(kind.id_names, id.split(":"), strict=False)
    alike = ((Likeness.kind, key) for key in event.likeness_keys())
    for one in (*parts, kind.reached_by(id), *_named(event), *alike):
        if one not in seen:
            seen.add(one)
            yield one


def mentioned_as(kind: str, id: str) -> list[Mention]:
    """All by which events may mention a thing."""
    return [(one, id) for one in STANDS_FOR.get(kind, (kind,))]


def _named(event: Any) -> Iterator[Mention]:
    shape: Any = type(event)
    if shape is ThingRef:
        if event.id:
            yield event.kind, event.id
        return
    for field, kind in _readers(shape):
        value = getattr(event, field)
        if value is None:
            continue
        several = value if isinstance(value, tuple) else (value,)
        for one in several:
            if kind is None:
                yield from _named(one)
            else:
                yield kind, one


@cache
def _readers(kind: Any) -> tuple[_Reader, ...]:
    hints = get_type_hints(kind, include_extras=True)
    found = list[_Reader]()
    for field, hint in hints.items():
        named = mark(hint).names or NAMED.get(field)
        if named is not None:
            found.append(_Reader(field, named))
        elif any(_lines(hint)):
            found.append(_Reader(field, None))
    return tuple(found)


def _lines(hint: Any) -> Iterator[type[Any]]:
    """The dataclasses and tuples with names that a field may hold."""
    if isinstance(hint, type) and (is_dataclass(hint) or hasattr(hint, "_fields")):
        yield hint
    for inner in get_args(hint):
        yield from _lines(inner)
