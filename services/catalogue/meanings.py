"""What a field's name says beyond its type: what kind of text it is, and what it holds an id of.

A name may begin with where it stands, as labels do, and the longer one counts.
"""

from collections.abc import Mapping
from functools import cache
from typing import get_args

from aggregates.inventory.stock import Holder
from aggregates.mentions import NAMED, PLACE
from aggregates.opportunities.opportunity import LostReason
from services.bootstrap import RECORDS
from services.catalogue.shapes import Type
from services.labels import names
from services.type_hints import choices, hints

IDS: Mapping[str, str] = {
    "customers": "customer",
    "opportunities": "opportunity",
    "after": "order",
}
"""What a field holds an id of, where neither events nor records say so."""
PLACES = "warehouse", "customer"
"""Goods lie in warehouses and at dealers."""
TIMES: Mapping[str, Type] = {"expected_close": "day"}
"""Texts of records that are days."""
FORMATS: Mapping[str, Type] = {"date": "day", "date-time": "instant"}
"""Of texts, as a JSON Schema calls them."""
SHARED = frozenset({"customer_kind"})
"""Enumerations that mean the same wherever they stand."""
CURRENCY = "currency"
CURRENCIES = (CURRENCY, f"from_{CURRENCY}")


def of_text(path: str) -> Type:
    """What kind of text it is."""
    name = path.rpartition(".")[2]
    return "currency" if name in CURRENCIES else TIMES.get(name, "text")


def kinds_named(path: str) -> tuple[str, ...]:
    """The kinds of what a field may hold an id of."""
    known = _ids()
    kind = next((known[name] for name in names(path) if name in known), None)
    if kind is None:
        return ()
    return PLACES if kind == PLACE else (kind,)


def members(path: str) -> tuple[str, ...]:
    """The members of an enumeration that a field's own type does not name."""
    known = _members()
    return next((known[name] for name in names(path) if name in known), ())


@cache
def _members() -> Mapping[str, tuple[str, ...]]:
    holders = {f"{figure}.holder": get_args(Holder) for figure in ("stock", "stock_lots")}
    known = {"series.reason": get_args(LostReason), **holders}
    for record in RECORDS:
        for name, hint in hints(record.shape).items():
            if found := choices(hint):
                known[name if name in SHARED else f"{record.name}.{name}"] = found
    return known


@cache
def _ids() -> Mapping[str, str]:
    declared = (field for record in RECORDS for field in record.fields.values())
    marked = {field.name: field.mark.names for field in declared if field.mark.names}
    own = {f"{record.name}.id": record.kind.kind for record in RECORDS}
    return {**marked, **NAMED, **IDS, **own}
