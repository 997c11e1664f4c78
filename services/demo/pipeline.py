"""Opportunities: opened, moved on and back, revalued, lost for a reason or won with an order."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from aggregates.opportunities.opportunity import PIPELINES
from commands import Command
from commands.opportunities.opportunity import (
    AdvanceOpportunity,
    LoseOpportunity,
    OpenOpportunity,
    RescheduleOpportunity,
    RevalueOpportunity,
    WinOpportunity,
)
from services.demo.agenda import DemoAgenda, ask
from services.demo.books import Books
from services.demo.catalogue import CURRENCY, DEALERS, RETAILERS, Party
from services.demo.trade import Trade

TITLES = (
    "Mid-autumn gift boxes 中秋礼盒",
    "Summer drinks display 夏季饮品堆头",
    "New shelf for snacks 零食新货架",
    "Household yearly contract 日化年度合同",
    "Opening order of a new shop 新店首单",
    "School season promotion 开学季促销",
    "Canteen supply 食堂供货",
)
REASONS = ("price", "price", "competitor", "no_budget", "no_decision", "timing", "other")


class DemoPipeline:
    def __init__(self, agenda: DemoAgenda, books: Books, trade: Trade) -> None:
        self.agenda, self.books, self.trade = agenda, books, trade

    def plan(self) -> None:
        dice = self.agenda.dice
        for day in range(1, self.agenda.days):
            for _ in range(dice.choice((0, 1, 1, 2, 3))):
                party = dice.choice((*DEALERS, *RETAILERS))
                self.agenda.put(self.agenda.moment(day), partial(self._open, party))

    def _open(self, party: Party, at: datetime) -> Iterator[Command]:
        if party.id in self.books.frozen:
            return
        dice, id_ = self.agenda.dice, self.books.next("OPP")
        pipeline = "tender" if self.agenda.chance(20) else "standard"
        amount = dice.randrange(20, 900) * 10_000
        yield ask(
            OpenOpportunity,
            at,
            id=id_,
            customer=party.id,
            title=dice.choice(TITLES),
            pipeline=pipeline,
            amount=amount,
            currency=CURRENCY,
            expected_close=(at + timedelta(days=dice.randrange(15, 60))).date(),
        )
        step = partial(self._step, id_, party, pipeline, 0, amount)
        self.agenda.put(self.agenda.later(at, 1, 10), step)

    def _step(
        self, id_: str, party: Party, pipeline: str, stage: int, amount: int, at: datetime
    ) -> Iterator[Command]:
        """One decision about a deal: lost, changed, a stage back or on, or won."""
        stages, chance = PIPELINES[pipeline], self.agenda.chance
        if chance(14):
            yield self._lose(id_, at)
            return
        if chance(20):
            amount = amount * self.agenda.dice.choice((80, 90, 110, 125)) // 100
            yield ask(RevalueOpportunity, at, id=id_, amount=amount)
        if chance(10):
            close = (at + timedelta(days=20)).date()
            yield ask(RescheduleOpportunity, at, id=id_, expected_close=close)
        if stage == len(stages) - 1:
            if party.id in self.books.frozen:
                return
            yield from self._win(id_, party, at)
            return
        stage += -1 if stage and chance(8) else 1
        yield ask(AdvanceOpportunity, at, id=id_, stage=stages[stage])
        again = partial(self._step, id_, party, pipeline, stage, amount)
        self.agenda.put(self.agenda.later(at, 2, 12), again)

    def _lose(self, id_: str, at: datetime) -> Command:
        reason = self.agenda.dice.choice(REASONS)
        detail = "The shop is being rebuilt" if reason == "other" else None
        return ask(LoseOpportunity, at, id=id_, reason=reason, detail=detail)

    def _win(self, id_: str, party: Party, at: datetime) -> Iterator[Command]:
        deal = self.trade.draft(party, id_)
        if deal is not None:
            yield from self.trade.submit(deal, at)
        yield ask(WinOpportunity, at, id=id_, order=deal.id if deal else None)
