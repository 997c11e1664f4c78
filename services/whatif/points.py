"""Members' points under other settings of earning: every decision about them is made anew."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from aggregates import Event
from aggregates.calendar import business_day
from aggregates.loyalty.earning import EarningSettings
from aggregates.loyalty.member import (
    EarningReversed,
    Member,
    PointsEarned,
    PointsExpired,
    PointsRedeemed,
    PurchaseReturned,
    RedemptionRefused,
    RedemptionReversed,
)
from aggregates.loyalty.purchases import worth
from commands.loyalty.purchase import last_day
from infra.clock import instant, iso
from infra.events import Recorded
from projections.loyalty import points as figure
from services.bootstrap import Platform
from services.whatif.period import ReplayedPeriod, Trial, Watch, histories, trial, unwatched

Decided = tuple[Recorded, Event]
MOST = 1_000
"""Decisions that are listed one by one."""


class OtherDecision(NamedTuple):
    """A redemption that would have ended otherwise."""

    member: str
    redemption: str
    happened_at: str
    points: int
    balance: int
    was: str
    would_be: str


@dataclass
class MemberReplay:
    """One member, decided anew from the beginning: what is not tried comes out as it was."""

    trial: Trial
    period: ReplayedPeriod
    state: Member = field(default_factory=Member)
    earned: dict[str, PointsEarned] = field(default_factory=dict)
    redeemed: dict[str, PointsRedeemed] = field(default_factory=dict)
    rules: dict[str, EarningSettings] = field(default_factory=dict)
    """By lot, what its purchase earned by."""
    others: list[OtherDecision] = field(default_factory=list)

    def replay(self, history: Iterable[Decided]) -> list[Decided]:
        made: list[Decided] = []
        for recorded, event in history:
            for one in self._decide(recorded, event):
                self.state = self.state.fold(one)
                made.append((recorded, one))
        return made

    def _decide(self, recorded: Recorded, event: Event) -> Iterator[Event]:
        at, state = instant(recorded.occurred_at), self.state
        match event:
            case PointsEarned():
                yield self._earn(recorded, event, at)
            case PointsRedeemed() | RedemptionRefused():
                yield self._redeem(recorded, event, at)
            case RedemptionReversed(redemption):
                if before := self.redeemed.get(redemption):
                    yield from state.reverse_redemption(redemption, before)
            case PointsExpired(on):
                yield from state.expire(on, at)
            case EarningReversed(purchase, lot, reason=reason):
                yield from state.reverse_earning(purchase, lot, reason)
            case PurchaseReturned(lot=lot, return_id=return_id, reason=reason):
                wanted = {line.item: line.quantity for line in event.lines}
                bought, rules = self.earned[lot], self.rules[lot]
                yield from state.take_back(bought, return_id, wanted, reason, rules)
            case _:
                yield event

    def _earn(self, recorded: Recorded, event: PointsEarned, at: datetime) -> PointsEarned:
        """With other points and another last day where these followed from the settings."""
        rules = was = self.trial.was(event.settings)
        if recorded.occurred_at in self.period:
            rules = self.trial.would_be(event.settings)
        points, ends, earned_at = event.points, event.expires_on, event.earned_at or at
        money = event.amount, event.currency
        if points == _worth(*money, was):
            points = _worth(*money, rules)
        if ends == last_day(earned_at, was):
            ends = last_day(earned_at, rules)
        made = replace(event, points=points, expires_on=ends, settled=min(points, self.state.debt))
        self.earned[event.lot], self.rules[event.lot] = made, rules
        return made

    def _redeem(
        self, recorded: Recorded, event: PointsRedeemed | RedemptionRefused, at: datetime
    ) -> Event:
        balance = self.state.balance(at)
        made: PointsRedeemed | RedemptionRefused
        if event.points > balance:
            made = RedemptionRefused(event.redemption, event.points, balance)
        else:
            lots = self.state.lots.take(event.points, at, business_day(at))
            made = self.redeemed[event.redemption] = _redeemed(event, lots, self.state.dealer)
        if type(made) is not type(event):
            when = iso(recorded.occurred_at)
            names = type(event).__name__, type(made).__name__
            what = event.redemption, when, event.points, balance
            self.others.append(OtherDecision(recorded.key, *what, *names))
        return made


def _worth(amount: int | None, currency: str | None, rules: EarningSettings) -> int:
    """What a purchase earns; nothing, which no purchase earned, where its amount is not known."""
    return 0 if amount is None or currency is None else worth(amount, currency, rules)


def _redeemed(
    event: PointsRedeemed | RedemptionRefused, lots: Any, dealer: str | None
) -> PointsRedeemed:
    """What was refused says neither its form nor its reward; neither changes any points."""
    if isinstance(event, PointsRedeemed):
        return replace(event, lots=lots)
    return PointsRedeemed(event.redemption, "gift", event.points, lots, None, None, None, dealer)


def report(
    platform: Platform, period: ReplayedPeriod, told: dict[str, Any], watch: Watch = unwatched
) -> dict[str, Any]:
    """The figure of points as it was and as it would be, and the redemptions that differ."""
    tried, found = trial(platform, EarningSettings, told), _Sums(period)
    others, count, members = list[OtherDecision](), 0, 0
    types = [PointsEarned.__name__]
    for history in histories(platform, period, Member.kind, types, watch):
        truth = [(recorded, platform.log.event(recorded)) for recorded in history]
        member = MemberReplay(tried, period)
        found.add(truth, member.replay(truth))
        members += 1
        mine = [one for one in member.others if one.happened_at >= iso(period.since)]
        count += len(mine)
        others += mine[: MOST - len(others)]
    return {
        "members": members,
        "dealers": found.shown(),
        "other_decisions": count,
        "decisions": [one._asdict() for one in others],
    }


class _Sums:
    """The rows of the figure, summed up for each dealer in memory."""

    def __init__(self, period: ReplayedPeriod) -> None:
        self.period = period
        self.was: dict[str, Counter[str]] = {}
        self.would_be: dict[str, Counter[str]] = {}

    def add(self, truth: Sequence[Decided], replayed: Sequence[Decided]) -> None:
        for sums, events in ((self.was, truth), (self.would_be, replayed)):
            for recorded, event in events:
                if recorded.occurred_at in self.period:
                    for row in figure.rows(recorded, event):
                        sums.setdefault(row.dealer, Counter()).update(
                            {name: getattr(row, name) for name in figure.MEASURES}
                        )

    def shown(self) -> list[dict[str, Any]]:
        return [
            {"dealer": dealer or None, **self._measures(dealer)}
            for dealer in sorted(self.was.keys() | self.would_be.keys())
        ]

    def _measures(self, dealer: str) -> dict[str, dict[str, int]]:
        was, would_be = (sums.get(dealer, Counter()) for sums in (self.was, self.would_be))
        return {name: {"was": was[name], "would_be": would_be[name]} for name in figure.MEASURES}
