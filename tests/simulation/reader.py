"""Somebody who may see what is hers alone, and asks all the time while it changes hands."""

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, func, select

from aggregates.organisation.account import Scope
from aggregates.organisation.rights import Given, Rights
from infra.search import EventQuery, find
from infra.states import States
from projections.customers import customer
from projections.engine import generations, reading, record_by_id, view_status
from projections.engine.reach import Reach
from projections.engine.reading import NOW, SCOPE, AsOf
from projections.engine.record_query import RecordQuery, count, matching, page
from projections.engine.version_table import FOREVER
from projections.targets import rankings
from services.access import visible
from services.access.permissions import Granted
from services.api.freshness import Freshness, ReadContext
from services.api.problems import Problem
from services.api.timelines import Timelines
from simulation.policy import OWNERS

if TYPE_CHECKING:
    from simulation.world import World

READER = OWNERS[0]
REACH = Reach(within=({"owner": frozenset({READER})},))
HERS, SOLD = REACH.tree(customer.record.scope), REACH.tree(rankings.view.scope)
GRANTED = Granted(
    READER, Rights(READER, (Given(("read:*/*",), Scope(own="owner")),), READER), parents={}
)
MEASURES = "amount", "sell_out_amount"
ALL = 99
OWNED = "SELECT stream, data FROM log_events WHERE stream LIKE 'customer-%' ORDER BY position"


class Reader:
    def __init__(self, world: "World") -> None:
        self.world = world

    def look(self) -> None:
        """At a list, a search, a number, all that fits and some by name, at a ranking, events and
        timelines: of now, and of once.
        """
        with self.world.ground.reading() as connection:
            table = f"customers_{generations.generation(connection, 'customers')}_versions"
            query = f"SELECT id FROM {table} WHERE ended = {FOREVER} AND owner = ?"
            hers = {row[0] for row in self.world.ground.look(query, READER)}
            claim = view_status.statuses(connection, [customer.record], "main")["customers"]
            then = AsOf(self.world.random.randrange(claim.position + 1))
            for as_of in (NOW, then):
                for way, told in _told(connection, as_of):
                    if not told <= hers:
                        what = f"{way} as of {as_of.position} shows {sorted(told - hers)}"
                        self._say(f"{what}, which are another's")
                    if as_of == NOW and way != "a search" and told != hers:
                        self._say(f"{way} keeps {hers - told} from her")
            self._events(connection, hers, then)
        self.figures(then)

    def _say(self, what: str) -> None:
        self.world.violations.append(f"(s) {what}")

    def figures(self, as_of: AsOf = NOW) -> None:
        """A ranking is of her own sales, and the rows behind it add up to it."""
        with self.world.ground.reading() as connection:
            found = [
                row
                for measure in MEASURES
                for row in rankings.top(
                    connection, "products", measure, filters={SCOPE: SOLD}, as_of=as_of, limit=ALL
                )
            ]
            ledger = reading.tables(connection, rankings.view).ledger
            own = ledger.c.rep == READER, ledger.c.product != "", *reading.until(ledger, as_of)
            sums = [func.coalesce(func.sum(ledger.c[name]), 0) for name in MEASURES]
            known = [
                len(MEASURES) * one for one in connection.execute(select(*sums).where(*own)).one()
            ]
        shown = [sum(row[name] for row in found) for name in MEASURES]
        if shown != known:
            self._say(f"a ranking as of {as_of.position} shows {shown} of {known} that are hers")

    def _events(self, connection: Connection, hers: set[str], then: AsOf) -> None:
        """The log goes by whose a thing is there; a timeline by the list as well."""
        owners = dict[str, str]()
        for stream, data in self.world.ground.look(OWNED):
            owners[stream] = json.loads(data).get("owner", owners.get(stream))
        own = {stream for stream, owner in owners.items() if owner == READER}
        states = cast("States", SimpleNamespace(ask=self._ask))
        wanted = visible.narrowed(GRANTED, EventQuery(kinds=["customer"]))
        found = find(connection, wanted, 0, 2**62, ALL)
        shown = {event.stream for event in visible.rows(states, GRANTED, found.events)}
        if shown != own & {event.stream for event in found.events}:
            self._say(f"the stream of events shows {sorted(shown)}, and {sorted(own)} are hers")
        for stream in owners:
            if told := self._timeline(connection, states, stream.partition("-")[2], then):
                foreign = {one for one in told if one in owners} - own
                if foreign or stream.partition("-")[2] not in hers:
                    self._say(f"the timeline of {stream} shows {sorted(told)}")

    def _timeline(
        self, connection: Connection, states: States, id: str, then: AsOf
    ) -> set[str] | None:
        """The streams of what it has; none where it is kept from her."""
        platform: Any = SimpleNamespace(store=self.world.recorder())
        timelines = Timelines(platform, cast("Any", None), states, customer.record)
        seen = ReadContext(connection, Freshness(0, 0, 0.0), then, 0, GRANTED)
        try:
            return {row["stream"] for row in timelines._rows(seen, id, (), ALL)}
        except Problem:
            return None

    def _ask(self, question: Any) -> Any:
        """Of the log as it is: nothing goes wrong meanwhile, and the world is as it was before."""
        chance, clock = self.world.chance, self.world.clock
        kept = chance.calm, chance.random.getstate(), dict(vars(clock))
        chance.calm = True
        try:
            return States(self.world.recorder(), self.world.codec).ask(question)
        finally:
            chance.calm, state, moment = kept
            chance.random.setstate(state)
            vars(clock).update(moment)


def _told(connection: Connection, as_of: AsOf) -> Iterator[tuple[str, set[str]]]:
    record = customer.record
    every, some = RecordQuery(HERS, limit=ALL), RecordQuery(HERS, words=["f"], limit=ALL)
    rows, _ = page(connection, record, every, as_of)
    listed = {row["id"] for row in rows}
    yield "a list", listed
    yield "a search", {row["id"] for row in page(connection, record, some, as_of)[0]}
    fitting = connection.execute(matching(connection, record, every, as_of, "id")).scalars()
    yield "an export", set(fitting)
    yield "a look-up", record_by_id.reached(connection, record, [*"CDEF"], HERS)
    if count(connection, record, every, as_of, None) != len(listed):
        yield "a number", {"more than there are"}
