"""What a filter may name: a value that nothing can have is refused, and the nearest one named."""

import re
from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from typing import get_args

from aggregates import Aggregate, Event
from aggregates.customers.customer import CustomerKind
from aggregates.inventory.stock import Holder
from aggregates.opportunities.opportunity import LostReason

MOST = 12
"""So many known values are named in a sentence; of more, only those that are near."""
CURRENCY = re.compile(r"([A-Z]{3})?")
"""What has no currency, points for instance, has the empty one."""
FIXED: Mapping[str, Collection[str]] = {
    "holder": get_args(Holder),
    "customer_kind": ("", *get_args(CustomerKind)),
    "reason": ("", *get_args(LostReason)),
}
"""What only the platform itself can add to; "" is of what is not known, or not lost."""
Filters = Mapping[str, str | Sequence[str]]


class NoSuchValue(Exception):
    """A filter names what nothing can ever have."""

    def __init__(self, name: str, value: str, en: str, zh: str) -> None:
        super().__init__(en)
        self.name, self.value, self.zh = name, value, zh


def check(filters: Filters, known: Mapping[str, Collection[str]]) -> None:
    """Raise `NoSuchValue` for the first value that is not known, or is no currency.

    Filters that `known` does not tell of are ids: of those there may be any.
    """
    for name, wanted in filters.items():
        for value in [wanted] if isinstance(wanted, str) else wanted:
            if name == "currency" and not CURRENCY.fullmatch(value):
                raise NoSuchValue(name, value, *_no_currency(value))
            if name in known and value not in known[name]:
                raise NoSuchValue(name, value, *_unknown(name, value, known[name]))


def check_events(streams: Sequence[str], kinds: Sequence[str], types: Sequence[str]) -> None:
    """The same for filters of events; a stream is of a kind, and its id may be any."""
    every = set(Aggregate.kinds)
    of_streams = [stream.partition("-")[0] for stream in streams]
    check({"kind": kinds, "type": types}, {"kind": every, "type": Event.known})
    check({"stream": of_streams}, {"stream": every})


def _no_currency(value: str) -> tuple[str, str]:
    return (
        f"{value} is no currency. Write three capital letters, such as CNY.",
        f"{value} 不是货币代码。请写三个大写字母，例如 CNY。",
    )


def _unknown(name: str, value: str, known: Collection[str]) -> tuple[str, str]:
    every = sorted(known) if isinstance(known, set) else list(known)
    near = nearest(value, every)
    meant = (f" Did you mean {near}?", f"您是否要找 {near}？") if near else ("", "")
    named = [one for one in every if one]
    choice = (f" Choose from {', '.join(named)}.", f"请从 {'、'.join(named)} 中选择。")
    if len(every) > MOST:
        choice = (f" There are {len(every)}.", f"共有 {len(every)} 个。") if not near else ("", "")
    return (
        f"There is no {name} {value}.{meant[0]}{choice[0]}",
        f"没有 {name} {value}。{meant[1]}{choice[1]}",
    )


def nearest(value: str, known: Collection[str]) -> str | None:
    """The known value that was meant, if it can be guessed, whatever the case of its letters."""
    folded = {one.casefold(): one for one in reversed(list(known))}
    close = get_close_matches(value.casefold(), folded, 1, 0.5)
    return folded[close[0]] if close else None
