"""Checks of the views: what they show is what the events say, added up by other means."""

from collections import Counter, defaultdict
from typing import Any

from aggregates.opportunities.opportunity import Opportunity
from projections.engine import Projection, View
from projections.inventory import transit
from projections.opportunities import deals, open_deals
from simulation import lots, shelf
from simulation.decode import Decoded
from simulation.sight import PLAIN
from simulation.watch import books
from simulation.words import skipped
from simulation.world import World

MOVED = {
    "StockReceived": 1, "StockArrived": 1, "StockAdjusted": 1, "SellOutReturned": 1,
    "SellOutReturnUndone": 1,
    "StockTakenBack": 1, "StockReversed": 1, "StockRecounted": 1,
    "StockIssued": -1, "StockShipped": -1, "StockDispatched": -1, "StockSold": -1,
}  # fmt: skip


OWN = (shelf.STREAM, lots.STREAM)
"""Stocks that are counted: they have checks of their own."""


def projected(world: World, view: View, events: Decoded) -> list[str]:
    """(e) The ledger has each event's rows once, and the totals are their sums."""
    out, wide, found = skipped(world.ground, view.name), len(view.dimensions), []
    rows: dict[tuple[int, int], Any] = {}
    sums: dict[Any, Counter[int]] = defaultdict(Counter)
    for event, content in events:
        if event.kind in view.kinds and event.position not in out:
            for line, change in enumerate(view.changes(event, content)):
                rows[event.position, line] = tuple(change)
                for key in view.keys(change):
                    sums[key].update(dict(enumerate(change[wide:])))
    number = generation(world, view)
    ledger = world.ground.look(f"SELECT * FROM {view.name}_{number}_ledger ORDER BY 2, 3")
    if {(row[1], row[2]): tuple(row[8:]) for row in ledger} != rows or len(ledger) != len(rows):
        found.append(f"(e) the ledger of {view.name} is not what the events say")
    keys = len(view.key)
    totals = {
        tuple(row[:keys]): tuple(row[keys:])
        for row in world.ground.look(f"SELECT * FROM {view.name}_{number}_totals")
        if any(row[keys:])
    }
    width = range(len(view.measures))
    wanted = {key: tuple(values[n] for n in width) for key, values in sums.items()}
    if totals != {key: values for key, values in wanted.items() if any(values)}:
        found.append(f"(e) the totals of {view.name} are not the sums of its ledger")
    return found


def generation(world: World, view: Projection) -> int:
    query = "SELECT generation FROM view_live WHERE view = ?"
    return int(world.ground.look(query, view.name)[0][0])


def moved(world: World, events: Decoded) -> list[str]:
    """(f) Nothing comes from nowhere: by hand, on hand is what was moved, and never below 0."""
    on_hand: Counter[str] = Counter()
    found = []
    for event, content in events:
        if event.type in MOVED and event.stream not in OWN:
            on_hand[event.stream] += MOVED[event.type] * content.quantity
            took = MOVED[event.type] < 0 and event.type != "StockSold"
            if took and on_hand[event.stream] < 0:
                found.append(f"(f) {event.position} takes what is not there")
    if skipped(world.ground, "dealer_stock"):
        return found
    table = f"dealer_stock_{generation(world, PLAIN[0])}_ledger"
    query = f"SELECT stream, sum(on_hand) FROM {table} GROUP BY stream"
    shown = {row[0]: row[1] for row in world.ground.look(query) if row[1] and row[0] not in OWN}
    if shown != {stream: quantity for stream, quantity in on_hand.items() if quantity}:
        found.append("(f) stock on hand is not what was moved")
    return found


def closed(world: World, head: int) -> list[str]:
    """(k) Three moments of the past, by rollups and by the ledger."""
    if "rollups" not in world.features:
        return []
    with world.ground.reading() as connection:
        return [
            violation
            for view in PLAIN
            for at in (world.random.randrange(head + 1), head)
            for violation in books(connection, view, generation(world, view), at)
        ]


def under_way(world: World, events: Decoded) -> list[str]:
    """(f) What is still to come is what was sent and has not arrived, been lost or diverted."""
    if skipped(world.ground, "transit"):
        return []
    left: Counter[tuple[str, str]] = Counter()
    for event, content in events:
        if event.type == "StockExpected":
            left[event.key, content.transfer] += content.quantity
        if event.type == "StockArrived":
            left[event.key, content.transfer] -= content.quantity + content.lost
        if event.type == "StockDiverted":
            left[event.key, content.transfer] -= content.quantity
    found = [f"(f) more of {way} came than was sent" for way, due in left.items() if due < 0]
    with world.ground.reading() as connection:
        told = transit.read(connection, today=0, limit=999)
    shown = {(f"{r['location']}:{r['item']}", r["transfer"]): r["quantity"] for r in told}
    if shown != {way: quantity for way, quantity in left.items() if quantity}:
        found.append("(f) what is on its way is not what was sent and did not come")
    return found


def dealt(world: World, events: Decoded) -> list[str]:
    """(f) Each deal is told as its own events make it: worth, stage, and whether it is decided."""
    if skipped(world.ground, "deals"):
        return []
    states: dict[str, Opportunity] = {}
    for event, content in events:
        if event.kind == "opportunity":
            states[event.stream] = states.get(event.stream, Opportunity()).fold(content)
    open_now = {
        stream: (deal.stage, deal.stamp.amount)
        for stream, deal in states.items() if deal.open_now
    }  # fmt: skip
    ends = Counter((bool(d.won), d.stamp.amount) for d in states.values() if d.won or d.lost)
    with world.ground.reading() as connection:
        told = open_deals.read(connection, today=0).deals
    shown = {row["stream"]: (row["stage"], row["amount"]) for row in told}
    table = f"deals_{generation(world, deals.view)}_ledger"
    query = f"SELECT won, won_amount + lost_amount FROM {table} WHERE won + lost > 0"
    decided = Counter((bool(won), amount) for won, amount in world.ground.look(query))
    return [] if (shown, decided) == (open_now, ends) else ["(f) deals are not what became of them"]
