"""Jiangnan Foods 江南食品: a made-up distributor whose last months are the same for one seed."""

from collections.abc import Iterator
from datetime import date

from services.bootstrap import Platform
from services.demo import (
    approvals,
    contracts,
    letterhead,
    profiles,
    relations,
    second_person,
    shelves,
)
from services.demo.agenda import DemoAgenda
from services.demo.books import Books
from services.demo.company import Company
from services.demo.costs import DemoCosts
from services.demo.goods import DemoGoods
from services.demo.leads import DemoLeads
from services.demo.lots import DemoLots
from services.demo.members import Members
from services.demo.money import Money
from services.demo.pipeline import DemoPipeline
from services.demo.prices import DemoPrices
from services.demo.targets import DemoTargets
from services.demo.trade import Trade
from services.demo.warehouse import DemoWarehouse
from services.demo.work import DemoWork
from services.imports import rows
from services.imports.rows import Progress, Report, Row, silent

SOURCE = "demo"
LATER = profiles, second_person, approvals, letterhead, contracts
OTHER = "The log holds the demo company of another day: begin anew with an empty database."


def load(
    platform: Platform,
    today: date,
    progress: Progress = silent,
    seed: int = 20260101,
    days: int = 120,
) -> Report:
    """Let the company live up to the start of `today`; run again, it changes nothing."""
    source, asked = f"{SOURCE}-{today}-{seed}-{days}", list(history(today, seed, days))
    company = asked[1]  # before it stands the owner's account, which may be there already
    if rows.stranger(platform, source, company):
        raise SystemExit(OTHER)
    report = rows.load(platform, source, asked, progress, len(asked))
    later = (one.ask(platform, source) for one in LATER)
    told = (one.ask(platform, source, today) for one in (relations, shelves))
    report.position = max(report.position, *later, *told)
    return report


def history(today: date, seed: int = 20260101, days: int = 120) -> Iterator[Row]:
    """All that was asked for, in order of time."""
    agenda, books = DemoAgenda(today, days, seed), Books()
    money = Money(agenda, books)
    trade = Trade(agenda, books, money)
    parts = Company(agenda, books), DemoWarehouse(agenda, books), trade, money
    pipeline, members = DemoPipeline(agenda, books, trade), Members(agenda, books)
    work = DemoWork(agenda, books), DemoPrices(agenda, books), DemoTargets(agenda)
    goods = DemoGoods(agenda, books), DemoLots(agenda, books), DemoCosts(agenda)
    for part in (*parts, *goods, pipeline, members, *work, DemoLeads(agenda, books)):
        part.plan()
    return agenda.play()
