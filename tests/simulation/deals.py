"""Opportunities told late and out of order, and the check that nothing precedes what it follows."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from random import Random

from aggregates.opportunities.opportunity import PIPELINES
from commands import Command
from commands.customers.customer import RegisterCustomer
from commands.opportunities.opportunity import (
    AdvanceOpportunity,
    ChangeOpportunityDetails,
    LoseOpportunity,
    OpenOpportunity,
    RevalueOpportunity,
    WinOpportunity,
)
from commands.organisation.rep import HireRep
from infra.events import Recorded

OWNER, CUSTOMER, DEALS = "qi", "E", ("tea", "cups", "jars")
TITLES = "春茶", "Spring tea", "秋茶 2"
BEGIN = datetime(2025, 1, 6, tzinfo=UTC)


class Deals:
    """Few deals and many dates, so that one is often told before what it follows."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.opened: list[str] = []

    def opening(self) -> list[Command]:
        return [
            HireRep(id=OWNER, name="Qi", department="east", region="shanghai"),
            RegisterCustomer(id=CUSTOMER, name="E", customer_kind="dealer", owner=OWNER),
        ]

    def command(self) -> Command:
        random = self.random
        opens = not self.opened or random.random() < 0.25
        if opens:
            self.opened.append(random.choice(DEALS))
        told = {
            "id": random.choice(self.opened),
            "occurred_at": BEGIN + timedelta(hours=random.randrange(200)),
            "dates": "flag" if random.random() < 0.2 else "refuse",
        }
        if opens:
            what = {"customer": CUSTOMER, "title": "T", "amount": 5, "currency": "CNY"}
            return OpenOpportunity.model_validate(told | what)
        choice = random.random()
        if choice < 0.1:
            return WinOpportunity.model_validate(told)
        if choice < 0.2:
            return LoseOpportunity.model_validate({**told, "reason": "price"})
        if choice < 0.65:
            stage = random.choice(PIPELINES["standard"])
            return AdvanceOpportunity.model_validate({**told, "stage": stage})
        if amount := random.randrange(9):
            return RevalueOpportunity.model_validate({**told, "amount": amount})
        title = TITLES[int(choice * 100) % len(TITLES)]
        return ChangeOpportunityDetails.model_validate({**told, "title": title})


def dated(events: list[Recorded]) -> list[str]:
    """(w) No event of a deal is dated before the one it follows, but where a flag says so."""
    latest: defaultdict[str, int] = defaultdict(int)
    found, flagged = [], set()
    for event in events:
        if event.kind != "opportunity":
            continue
        if event.type == "DateFlagged":
            flagged.add((event.stream, event.version + 1))
            continue
        early = event.occurred_at < latest[event.stream]
        if early and (event.stream, event.version) not in flagged:
            found.append(f"(w) {event.position} is dated before what it follows")
        latest[event.stream] = max(latest[event.stream], event.occurred_at)
    return found
