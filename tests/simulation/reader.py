"""Somebody who may see what is hers alone, and asks all the time while it changes hands."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from projections.customers import customer
from projections.engine import generations, record_by_id, view_status
from projections.engine.reach import Reach
from projections.engine.reading import NOW, AsOf
from projections.engine.record_query import RecordQuery, count, matching, page
from projections.engine.version_table import FOREVER
from simulation.policy import OWNERS

if TYPE_CHECKING:
    from simulation.world import World

READER = OWNERS[0]
SCOPE = Reach(within=({"owner": frozenset({READER})},)).tree(customer.record.scope)
ALL = 99


class Reader:
    def __init__(self, world: "World") -> None:
        self.world = world

    def look(self) -> None:
        """At a list, a search, a number, all that fits and some by name: of now, and of once."""
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
                        self.world.violations.append(f"(s) {what}, which are another's")
                    if as_of == NOW and way != "a search" and told != hers:
                        self.world.violations.append(f"(s) {way} keeps {hers - told} from her")


def _told(connection: Connection, as_of: AsOf) -> Iterator[tuple[str, set[str]]]:
    record = customer.record
    every, some = RecordQuery(SCOPE, limit=ALL), RecordQuery(SCOPE, words=["f"], limit=ALL)
    rows, _ = page(connection, record, every, as_of)
    listed = {row["id"] for row in rows}
    yield "a list", listed
    yield "a search", {row["id"] for row in page(connection, record, some, as_of)[0]}
    fitting = connection.execute(matching(connection, record, every, as_of, "id")).scalars()
    yield "an export", set(fitting)
    yield "a look-up", record_by_id.reached(connection, record, [*"CDEF"], SCOPE)
    if count(connection, record, every, as_of, None) != len(listed):
        yield "a number", {"more than there are"}
