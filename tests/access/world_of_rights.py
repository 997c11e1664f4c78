"""A company in which rights change all the time, and a checker who knows what each may see.

What the checker expects is decided by the pure predicate upon the events of the log alone: no
record, no SQL and nothing remembered takes part in it. So whatever forgets the predicate on its
way answers otherwise.
"""

from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

from api.conftest import Api
from scenario import World

from aggregates.customers.customer import Customer
from commands import authorisation
from commands.authorisation import paths, rights_of
from commands.sharing import is_shared
from infra.keys import Keys
from infra.search import EventQuery
from services.access.actions import reading
from services.api.live import _Reader

PEOPLE = ("li", "wu", "mei")
CUSTOMERS = ("D1", "D2", "D3", "D4")
PLACES = ("all", "east", "west")
CHANGE = "command:customers/change-customer-details"
ROLES = ("representative", "sales-manager")


class RightsWorld:
    """Steps of one seed, each a change of rights or of what they are about, and then a look."""

    def __init__(self, api: Api, seed: int) -> None:
        self.api, self.random = api, Random(seed)
        self.keys = dict[str, str]()
        self.readers = dict[str, _Reader]()
        self.violations = list[str]()
        self._found()

    def run(self, steps: int) -> list[str]:
        for _ in range(steps):
            before = self._head()
            self._change()
            self._change()
            self.api.feed()
            self._look(before)
            if self.violations:
                break
        return self.violations

    def _found(self) -> None:
        done = self.api.done
        done("register-department", id="all", name="All")
        for place in PLACES[1:]:
            done("register-department", id=place, name=place, parent="all")
        for name in PEOPLE:
            self._hire(name)
        for name in CUSTOMERS:
            kind = {"customer_kind": "dealer", "owner": self.random.choice(PEOPLE)}
            done("register-customer", id=name, name=name, **kind)
        done("open-account", id="tester")
        for name in PEOPLE:
            done("open-account", id=name, person=name)
            done("grant-role", id=name, role="representative", own="owner")
            self.keys[name] = Keys(self.api.platform.database).new(name)
            permissions = self.api.client.app.state.permissions  # type: ignore[attr-defined]
            self.readers[name] = _Reader(permissions, permissions.fresh(name))

    def _hire(self, name: str) -> None:
        place = self.random.choice(PLACES)
        self.api.done("hire-rep", id=name, name=name, department=place, region="r")

    def _change(self) -> None:
        """One change, by somebody who may: what is refused changes nothing."""
        pick = self.random.choice
        who, customer, place = pick(PEOPLE), pick(CUSTOMERS), pick(PLACES)
        share = {"customer": customer, "with_person": who, "reason": str(self.random.random())}
        slug, body = pick(
            [
                ("reassign-customer", {"id": customer, "owner": who, "reason": "x"}),
                ("move-rep", {"id": who, "department": place, "region": "r"}),
                ("revoke-role", {"id": who, "role": pick(ROLES), "reason": "x"}),
                (
                    "grant-role",
                    {"id": who, "role": "representative", "own": pick(["owner", "team"])},
                ),
                ("grant-role", {"id": who, "role": ROLES[1], "departments": [place]}),
                ("share-customer", {**share, "level": pick(["read", "work"])}),
                ("unshare-customer", share),
            ]
        )
        self.api.ask(slug, **body)

    def _look(self, before: int) -> None:
        world, head = self._log(), self._head()
        for name in PEOPLE:
            mine = {one for one in CUSTOMERS if self._may(world, name, one, working=False)}
            forbidden = not self._granted(world, name)
            owners = Counter(world.load(Customer, one).owner for one in mine)
            self._list(name, "now", mine, owners, forbidden=forbidden)
            self._list(name, "as of", mine, None, forbidden=forbidden, as_of=before)
            if not forbidden:
                self._stream(world, name, mine, before, head)
            self._command(world, name)

    def _list(
        self,
        name: str,
        what: str,
        mine: set[str],
        owners: Counter[str] | None,
        *,
        forbidden: bool,
        **asked: Any,
    ) -> None:
        headers = {"Authorization": f"Bearer {self.keys[name]}"}
        if owners is not None:
            asked["facets"] = "owner"
        answer = self.api.client.get("/customers", params=asked, headers=headers)
        if forbidden:
            self._same(f"{name}'s status {what}", answer.status_code, 403)
            return
        content = answer.json()
        found = {row["id"] for row in content.get("data", ())}
        self._same(f"{name}'s customers {what}", found, mine)
        if owners is not None:
            facet = content.get("facets", {}).get("owner", {"values": []})
            counted = {one["value"]: one["count"] for one in facet["values"]}
            self._same(f"{name}'s owners", counted, dict(owners))

    def _stream(self, world: World, name: str, mine: set[str], after: int, head: int) -> None:
        """A stream that was opened at the very beginning goes on with the rights of now."""
        live = self.api.client.app.state.live  # type: ignore[attr-defined]
        wanted = EventQuery(kinds=("customer",))
        events, _ = live._read(self.readers[name], wanted, 0, head)
        streams = {event.stream for event in events}
        self._same(f"{name}'s stream after {after}", streams, {f"customer-{one}" for one in mine})

    def _command(self, world: World, name: str) -> None:
        customer = self.random.choice(CUSTOMERS)
        headers = {
            "Authorization": f"Bearer {self.keys[name]}",
            "Idempotency-Key": str(self.random.random()),
            "If-Match": "*",
        }
        body = {"id": customer, "city": str(self.random.random())}
        answer = self.api.client.post(
            "/commands/change-customer-details", json=body, headers=headers
        )
        allowed = self._may(world, name, customer, working=True)
        self._same(f"{name}'s command on {customer}", answer.status_code == 200, allowed)

    def _may(self, world: World, name: str, customer: str, *, working: bool) -> bool:
        rights = rights_of(world.load, name)
        assert rights is not None
        thing = paths(world.load, Customer, customer)
        scopes = rights.reach(CHANGE if working else reading("customer"))
        within = any(rights.within(scope, thing) for scope in scopes)
        return within or (bool(scopes) and is_shared(world.load, rights, thing, working=working))

    def _granted(self, world: World, name: str) -> bool:
        rights = rights_of(world.load, name)
        return rights is not None and rights.may(reading("customer"))

    def _log(self) -> World:
        """All that happened, as the log has it; nothing that was made of it before counts."""
        authorisation._known.clear()
        platform, streams = self.api.platform, dict[str, tuple[Any, ...]]()
        for event in self._events():
            decoded = platform.codec.decode(event.type, event.schema, event.data)
            streams[event.stream] = (*streams.get(event.stream, ()), decoded)
        return World(streams)

    def _events(self) -> Iterator[Any]:
        with self.api.platform.database.read() as connection:
            yield from self.api.platform.store.read(connection, 0, 10_000, until=self._head())

    def _head(self) -> int:
        with self.api.platform.database.read() as connection:
            return int(self.api.platform.store.head(connection).position)

    def _same(self, what: str, found: object, expected: object) -> None:
        if found != expected:
            self.violations.append(f"{what}: {found}, not {expected}")
