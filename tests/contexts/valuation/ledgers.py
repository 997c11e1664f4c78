"""Ledgers of one item as they may come: what follows from each other, told in any order."""

from collections.abc import Iterator
from random import Random
from typing import Any

from scenario import NOON

from infra.clock import micros
from projections.valuation.worth import Close, StockTold

HOUR = 3_600_000_000
APART = 1_000 * HOUR
START = micros(NOON)
Step = dict[str, Any]
Chain = tuple[int, list[Step]]
"""When it begins, and what happens: each with its hours after that."""


def chains(random: Random) -> list[Chain]:
    """Each begins at an instant of its own, so that there is one order of time."""
    made = [_opening(place, random.choice([10, 60])) for place in "VW"]
    for number in range(random.randrange(6, 24)):
        kind = random.choice([_receipt, _receipt, _issue, _found, _sale, _sale, _transfer])
        made.append(kind(random, f"n{number}", random.choice("VW")))
    starts = random.sample(range(len(made), 10 * len(made)), len(made) - 2)
    return [(START + APART * at, steps) for at, steps in zip([0, 1, *starts], made, strict=True)]


def told(random: Random, found: list[Chain], *, mixed: bool = True) -> list[StockTold]:
    """The rows in one order of telling, in which nothing is told before what it follows from."""
    left = [(number, list(steps)) for number, (_, steps) in enumerate(found)]
    rows = list[StockTold]()
    while left:
        number, steps = each = random.choice(left) if mixed else left[0]
        step = dict(steps.pop(0))
        at = found[number][0] + HOUR * step.pop("hours", 0)
        rows.append(_row(at, len(rows) + 1, step))
        if not steps:
            left.remove(each)
    return rows


def closings(random: Random, rows: int) -> Iterator[tuple[bool, Close]]:
    """Months that are closed one after another, and the last one opened again now and then."""
    ends, stack = iter(range(8, 400, 16)), list[int]()
    for position in sorted(random.sample(range(1, rows + 1), min(6, rows))):
        if stack and random.random() < 0.3:
            end = stack.pop()
            yield False, Close(position, 0, "")
        else:
            end = next(ends) if not stack else stack[-1] + 16
            stack.append(end)
            yield True, Close(position, START + APART * end, f"{end}")


def _row(at: int, position: int, step: Step) -> StockTold:
    fields: dict[str, Any] = dict.fromkeys(StockTold._fields, "")
    numbers = "line", "quantity", "lost", "delivered", "cost"
    fields |= {**dict.fromkeys(numbers, 0), "item": "I", "movement": "purchase_receipt"}
    return StockTold(**{**fields, **step, "occurred_at": at, "position": position})


def _opening(place: str, quantity: int) -> list[Step]:
    return [_received(place, f"begun{place}", quantity, quantity * (17 if place == "V" else 23))]


def _received(place: str, name: str, quantity: int, cost: int | None) -> Step:
    money = {} if cost is None else {"currency": "CNY", "cost": cost}
    return {"type": "StockReceived", "location": place, "quantity": quantity, **money} | {
        "document": name,
        "cause": f"received:{name}",
    }


def _receipt(random: Random, name: str, place: str) -> list[Step]:
    """It may be corrected, and undone."""
    quantity = random.randrange(1, 20)
    cost = random.choice([None, random.randrange(900)])
    steps = [_received(place, name, quantity, cost)]
    for _ in range(random.choice([0, 0, 1, 2])):
        more = {"currency": "CNY", "cost": random.randrange(900)}
        kind = {"type": "ReceiptCostCorrected", "movement": "cost_correction"}
        steps.append({**steps[0], **kind, **more, "quantity": 0})
    return _perhaps_undone(random, steps)


def _perhaps_undone(random: Random, steps: list[Step]) -> list[Step]:
    first = steps[0]
    if random.random() < 0.25:
        gone = {"type": "StockReversed", "currency": "", "cost": 0, "sales_order": ""}
        steps.append({**first, **gone, "quantity": -first["quantity"]})
    return steps


def _issue(random: Random, name: str, place: str) -> list[Step]:
    what = {"type": "StockIssued", "location": place, "document": name, "cause": f"issued:{name}"}
    return _perhaps_undone(random, [{**what, "quantity": -random.randrange(1, 20)}])


def _found(random: Random, name: str, place: str) -> list[Step]:
    kind, cause = random.choice([("StockAdjusted", "adjusted"), ("StockCounted", "counted")])
    what = {"type": kind, "location": place, "document": name, "cause": f"{cause}:{name}"}
    return _perhaps_undone(random, [{**what, "quantity": random.randrange(-9, 9)}])


def _sale(random: Random, name: str, place: str) -> list[Step]:
    """What was shipped, and came back in parts; a return may be undone."""
    left, of = random.randrange(2, 20), {"location": place, "sales_order": name}
    shipped = {"type": "StockShipped", "document": "S", "cause": f"shipped:{name}:S"}
    steps: list[Step] = [{**of, **shipped, "quantity": -left}]
    for number in range(random.randrange(3)):
        part = random.choice([left, random.randrange(left + 1)])
        left -= part
        back = _received(random.choice("VW"), f"{name}:{number}", part, None)
        back |= {"sales_order": name, "hours": 1 + number, "movement": "customer_return"}
        undone = _perhaps_undone(random, [back]) if part else []
        left += part if len(undone) > 1 else 0
        steps += undone
    return steps


def _transfer(random: Random, name: str, place: str) -> list[Step]:
    """It arrives in parts, some of it lost or at a dealer's; a part may be taken back."""
    there = "V" if place == "W" else "W"
    left, of = random.randrange(2, 20), {"document": name, "movement": "transfer"}
    sent = {"type": "StockDispatched", "location": place, "cause": f"dispatched:{name}"}
    steps: list[Step] = [{**of, **sent, "quantity": -left}]
    for number in range(random.randrange(4)):
        part, lost = random.randrange(left + 1), random.randrange(3)
        lost = min(lost, left - part)
        came = {"type": "StockArrived", "location": there, "cause": f"arrived:{name}:{number}"}
        row = {**of, **came, "hours": 1 + number, "lost": lost}
        to_dealer = random.random() < 0.2
        row |= {"location": "D", "delivered": part} if to_dealer else {"quantity": part}
        steps.append(row)
        if random.random() < 0.2:
            gone = {key: -row.get(key, 0) for key in ("quantity", "lost", "delivered")}
            steps.append({**row, "type": "StockArrivalReversed", **gone})
        else:
            left -= part + lost
    if left and random.random() < 0.3:
        back = {"type": "StockTakenBack", "location": place, "cause": f"back:{name}"}
        steps.append({**of, **back, "hours": 9, "quantity": left})
    return steps
