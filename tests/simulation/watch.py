"""The checks at every step: no view claims what it has not, and no parked stream is overtaken."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from projections.engine import View, generations, progress, rollups
from projections.engine.reading import AsOf
from projections.inventory import dealer_stock
from projections.targets import rankings
from services.workers.errors import BEHIND
from simulation import features
from simulation.hearing import Hearing
from simulation.sight import VIEWS
from simulation.words import words

if TYPE_CHECKING:
    from simulation.world import World

STATE = """SELECT (SELECT total(position) FROM view_positions),
    (SELECT total(position + known) FROM published_marks),
    (SELECT total(generation) FROM view_live), (SELECT total(position) FROM view_parked),
    (SELECT total(position) FROM process_positions)"""
MISSING = """SELECT position FROM log_events e WHERE position <= ? AND {heard}
    AND NOT EXISTS (SELECT 1 FROM {view}_{number}_ledger l WHERE l.position = e.position)
    AND NOT EXISTS (SELECT 1 FROM view_parked p WHERE p.position = e.position
        AND p.view = '{view}' AND p.generation = {number})"""
OVERTAKEN = """SELECT p.position, l.position FROM view_parked p JOIN {view}_{number}_ledger l
    ON l.stream = p.stream AND l.position > p.position
    WHERE p.view = '{view}' AND p.generation = {number}"""
FIRSTS = """SELECT stream, min(position), error FROM view_parked
    WHERE view = '{view}' AND generation = {number} GROUP BY stream"""
HEARD = {
    "dealer_stock": "stream LIKE 'stock-%'"
    " AND type NOT IN ('DateFlagged', 'LotsMoved', 'LotsHeld', 'LotsExpected', 'StockFellShort',"
    " 'ReceiptCostCorrected')",
    "rankings": "type IN ('StockSold', 'OrderShipped', 'OrderReturned', 'OrderLossCredited')",
    "deals": "stream LIKE 'opportunity-%'"
    " AND type NOT IN ('DateFlagged', 'OpportunityDetailsChanged')",
    "transit": "type IN ('StockExpected', 'StockArrived', 'StockDiverted')",
    "points": "type IN ('PointsEarned', 'PointsRedeemed', 'RedemptionReversed', 'PointsExpired',"
    " 'EarningReversed', 'PurchaseReturned')",
}


class Watch:
    def __init__(self, world: "World") -> None:
        self.world, self.ground = world, world.ground
        kinds = set(features.kinds(world.features))
        self.views = [view for view in VIEWS if view.kinds & kinds]
        self.hearing = Hearing(world.ground)
        self.start()

    def start(self) -> None:
        self._seen: Sequence[Any] = ()
        self.hearing.start()

    def look(self) -> None:
        if self.world.operator.astray:
            return
        state = self.ground.look(STATE)
        if state == self._seen:
            return
        self._seen = state
        self.world.violations += self.hearing.look()
        for view in self.views:
            self._view(view)

    def _view(self, view: View) -> None:
        with self.ground.reading() as connection:
            number = generations.generation(connection, view.name)
            claim = progress.complete(connection, view, number, "main")
            if "rollups" in self.world.features and self.world.random.random() < 0.06:
                at = self.world.random.randrange(claim + 1)
                self.world.violations += books(connection, view, number, at)
        named = {"view": view.name, "number": number}
        query = MISSING.format(heard=HEARD[view.name], **named)
        missing = {row[0] for row in self.ground.look(query, claim)}
        if missing and (missing := missing - words(self.ground, view.name).keys()):
            self._say(f"(g) {view.name} claims {claim} without {sorted(missing)[:5]}")
        for waits, entered in self.ground.look(OVERTAKEN.format(**named)):
            if waits not in words(self.ground, view.name):  # what is restored comes in late
                self._say(f"(p) {view.name} has {entered} while {waits} of its stream is parked")
        for stream, position, error in self.ground.look(FIRSTS.format(**named)):
            if error == BEHIND:
                self._say(f"(p) {position} of {stream} waits behind nothing in {view.name}")

    def _say(self, violation: str) -> None:
        self.world.violations.append(violation)


def books(connection: Any, view: View, number: int, at: int) -> list[str]:
    """(k) The past as it is told, by rollups, is the past by the ledger."""
    as_of, ledger = AsOf(at), view.tables(number).ledger
    entered = ledger.c.position <= at
    if view.name == "rankings":
        told = [
            row
            for by in ("amount", "points")
            for row in rankings.top(connection, "dealers", by, as_of=as_of, limit=99)
        ]
        entered &= ledger.c.dealer != ""
    elif view.name == "dealer_stock":
        told = dealer_stock.read(connection, as_of=as_of, today=0)
    else:
        told = connection.execute(select(rollups.shown(connection, view, as_of))).mappings().all()
    shown = tuple(sum(row[name] for row in told) for name in view.measures)
    sums = [func.coalesce(func.sum(ledger.c[name]), 0) for name in view.measures]
    known = tuple(connection.execute(select(*sums).where(entered)).one())
    return [] if shown == known else [f"(k) {view.name} at {at}: {shown}, not {known}"]
