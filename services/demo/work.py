"""Tasks and appointments of the days to come: what somebody who tries the demo finds to do."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from random import Random

from commands import Command
from commands.fieldwork.appointment import PlanAppointment
from commands.fieldwork.task import CompleteTask, CreateTask, ReportTaskProgress
from services.demo.agenda import DemoAgenda, ask
from services.demo.books import Books
from services.demo.catalogue import DEALERS, PEOPLE, RETAILERS

TASKS = (
    ("Collect the signed yearly contract 取回签字的年度合同", "high"),
    ("Count the stock of tea with the dealer 与经销商盘点茶叶", "normal"),
    ("Send the offer for the gift boxes 发送礼盒报价", "urgent"),
    ("Ask why snacks sell less 了解零食下滑原因", "low"),
)
HEAD = "s-gao"
DAY = timedelta(days=1)


class DemoWork:
    """All of it is asked for on the last day, and due later than on the first day after it."""

    def __init__(self, agenda: DemoAgenda, books: Books) -> None:
        self.agenda, self.books = agenda, books
        self.dice = Random(agenda.days)  # noqa: S311 - apart from the dice of the story

    def plan(self) -> None:
        start = self.agenda.end - DAY / 2
        for number, person in enumerate(PEOPLE):
            mine = partial(self._given, person.id)
            self.agenda.put(start + timedelta(minutes=number), mine)

    def _given(self, person: str, at: datetime) -> Iterator[Command]:
        customers = [one.id for one in (*DEALERS, *RETAILERS) if self._owned(one.id, person)]
        if not customers:
            return
        for title, priority in self.dice.sample(TASKS, 2):
            what = {"title": title, "priority": priority, "customer": self.dice.choice(customers)}
            due = at + self.dice.randrange(3, 20) * DAY
            task = self.books.next("TK")
            yield ask(CreateTask, at, id=task, owner=person, asked_by=HEAD, due=due, **what)
            if self.dice.random() < 0.5:
                yield ask(ReportTaskProgress, at, id=task, percent=self.dice.randrange(10, 90, 10))
            elif self.dice.random() < 0.5:
                yield ask(CompleteTask, at, id=task, result="Done by telephone 电话完成")
        yield self._visit(person, self.dice.choice(customers), at)

    def _visit(self, person: str, customer: str, at: datetime) -> Command:
        start = at + self.dice.randrange(2, 9) * DAY - timedelta(hours=self.dice.randrange(4, 10))
        return ask(
            PlanAppointment,
            at,
            id=self.books.next("AP"),
            title="Talk about the next quarter 商谈下季度",
            appointment_kind="visit",
            owner=person,
            participants=[HEAD] if self.dice.random() < 0.3 else [],
            starts_at=start,
            ends_at=start + timedelta(hours=1),
            customer=customer,
        )

    def _owned(self, customer: str, person: str) -> bool:
        return customer not in self.books.frozen and self.books.owners.get(customer) == person
