"""Whom a lead is given to, and how the lead desk follows."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from aggregates import Event
from aggregates.leads.assignment import AssignmentRule, LeadAssignmentSettings
from aggregates.leads.desk import DESK, LeadDesk
from aggregates.leads.lead import Lead
from aggregates.leads.lead.events import AssignmentWay, LeadAssigned, LeadLeftWaiting
from aggregates.organisation.region import Region
from aggregates.organisation.rep import Rep
from commands import Command, Decision, Load
from commands.authorisation import person_of
from commands.business import attribution
from commands.plain import upwards
from commands.settings import in_force


class LeadCommand(Command):
    """A request about one lead, which the lead desk follows."""

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        before: Lead = load(Lead, self.id)
        for event in self.decided(load, before, at):
            yield self.stream, event
        yield from followed(load, self.id, before)

    def decided(self, load: Load, state: Lead, at: datetime) -> Iterator[Event]:
        """What happens to the lead itself."""
        yield from self.decide(state, at)


def followed(load: Load, id: str, before: Lead) -> Iterator[Decision]:
    """The desk counts a lead as the load of whoever has it now, and no more as the last one's."""
    after: Lead = load(Lead, id)
    assigned = after.assigned if after.assigned is not before.assigned else None
    desk: LeadDesk = load(LeadDesk, DESK)
    was, now = (one.who.owner if one.held else "" for one in (before, after))
    for event in desk.follow(id, was, now, assigned.rule if assigned else None):
        yield LeadDesk.stream(DESK), event


def given(
    load: Load, id: str, owner: str, reason: str | None, at: datetime
) -> Iterator[LeadAssigned]:
    """Give a lead to a person that somebody named."""
    own = owner == person_of(load, load.actor)
    yield from _assigned(load, id, owner, at, "own" if own else "hand", None, reason)


def that_fit(
    load: Load, owner: str, leads: Iterable[str], at: datetime
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Of these leads, those that the cap leaves room for with a person, and the rest."""
    cap = in_force(load, LeadAssignmentSettings, at).settings.cap
    has = load(LeadDesk, DESK).load(owner)
    fit, rest = list[str](), list[str]()
    for lead in leads:
        if cap is not None and has >= cap:
            rest.append(lead)
        else:
            fit.append(lead)
            has += load(Lead, lead).held
    return tuple(fit), tuple(rest)


def by_rules(load: Load, id: str, at: datetime) -> Iterator[Any]:
    """Give a lead to whoever the settings say, or else say why it waits."""
    lead: Lead = load(Lead, id)
    settings, version = in_force(load, LeadAssignmentSettings, at)
    regions = frozenset(upwards(load, Region, "parent", lead.region))
    fitting = [one for one in settings.rules if one.takes(regions, lead.products, lead.source)]
    for rule in fitting:
        if rep := _turn(load, rule, settings.cap):
            yield from _assigned(load, id, rep, at, "rule", rule.name, None)
            return
    finder = person_of(load, load.actor)
    if not fitting and finder and _sells(load, finder) and _free(load, finder, settings.cap):
        yield from _assigned(load, id, finder, at, "own", None, None)
    elif fitting:
        yield from lead.wait(LeadLeftWaiting("all_full", fitting[0].name, version))
    else:
        yield from lead.wait(LeadLeftWaiting("no_rule", None, version))


def _turn(load: Load, rule: AssignmentRule, cap: int | None) -> str | None:
    """Who gets the next lead by a rule; whoever has left, or does not sell, is passed over."""
    reps = [rep for rep in rule.reps if _sells(load, rep)]
    desk: LeadDesk = load(LeadDesk, DESK)
    return desk.next(rule.name, reps, rule.way, cap)


def _sells(load: Load, rep: str) -> bool:
    state: Rep = load(Rep, rep)
    return state.hired and state.sells and state.left is None


def _free(load: Load, rep: str, cap: int | None) -> bool:
    return cap is None or load(LeadDesk, DESK).load(rep) < cap


def _assigned(
    load: Load,
    id: str,
    owner: str,
    at: datetime,
    way: AssignmentWay,
    rule: str | None,
    reason: str | None,
) -> Iterator[Any]:
    lead: Lead = load(Lead, id)
    settings, version = in_force(load, LeadAssignmentSettings, at)
    more = not (lead.held and lead.who.owner == owner)
    held = load(LeadDesk, DESK).load(owner) + more
    who = attribution(load, owner, None, lead.region)
    why = held, settings.cap, version
    yield from lead.assign(LeadAssigned(*lead.who, *who, way, rule, reason, *why))
