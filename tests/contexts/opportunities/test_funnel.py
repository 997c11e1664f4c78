"""Where deals stand: what each event of an opportunity does to the funnel."""

from datetime import UTC, datetime, timedelta
from typing import Any

from company import Company, changes

from aggregates import Event
from aggregates.opportunities.opportunity import (
    OpportunityAdvanced,
    OpportunityCorrected,
    OpportunityLost,
    OpportunityOpened,
    OpportunityReassigned,
    OpportunityRescheduled,
    OpportunityRevalued,
    OpportunityWon,
)
from commands.customers.customer import RegisterCustomer
from commands.opportunities.opportunity import (
    AdvanceOpportunity,
    LoseOpportunity,
    OpenOpportunity,
    WinOpportunity,
)
from commands.organisation.rep import HireRep
from projections.opportunities import funnel
from projections.opportunities.funnel import Change

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
WHO = ("R1", "key", "north")
OTHER = ("R2", "retail", "south")


def told(*events: Event) -> list[Any]:
    return changes(funnel.view, "opportunity-O1", *events)


def at(stage: str, *measures: int, who: tuple[str, str, str] = WHO) -> Change:
    return Change("standard", stage, *who, "CNY", *measures)


def test_an_opened_deal_stands_in_its_first_stage() -> None:
    stages = ("a", "b")
    event = OpportunityOpened(
        "C1", "Tea", "standard", stages, "a", 500, "CNY", None, *WHO, entered_at=AT
    )
    assert told(event) == [at("a", 1, 500, 1, 0, 0, 0, 0)]


def test_a_deal_that_advances_leaves_one_stage_and_enters_the_next() -> None:
    event = OpportunityAdvanced("standard", "a", "b", 500, "CNY", *WHO, 60, AT, forward=True)
    assert told(event) == [at("a", -1, -500, 0, 1, 0, 0, 60), at("b", 1, 500, 1, 0, 0, 0, 0)]


def test_a_step_back_is_no_advance() -> None:
    event = OpportunityAdvanced("standard", "b", "a", 500, "CNY", *WHO, 60, AT, forward=False)
    assert told(event) == [at("b", -1, -500, 0, 0, 1, 0, 60), at("a", 1, 500, 1, 0, 0, 0, 0)]


def test_a_revalued_deal_changes_the_amount_alone() -> None:
    event = OpportunityRevalued("standard", "a", 500, 450, "CNY", *WHO)
    assert told(event) == [at("a", 0, -50, 0, 0, 0, 0, 0)]


def test_a_handed_over_deal_counts_for_the_new_rep_alone() -> None:
    event = OpportunityReassigned("standard", "a", 500, "CNY", *WHO, *OTHER)
    assert told(event) == [at("a", -1, -500), at("a", 1, 500, who=OTHER)]


def test_a_corrected_deal_stands_where_it_should_have_stood() -> None:
    there = "tender", ("a", "x"), "a"
    event = OpportunityCorrected(
        "standard", "a", "CNY", *there, 500, "USD", *WHO, 450, "dealer", None
    )
    gone, came = told(event)
    assert gone == at("a", -1, -500)
    assert came == at("a", 1, 500)._replace(pipeline="tender", currency="USD")


def test_a_won_deal_leaves_its_stage_and_is_counted_as_won() -> None:
    event = OpportunityWon("standard", "b", 500, "CNY", *WHO, 60, "order-1")
    assert told(event) == [at("b", -1, -500, 0, 1, 0, 0, 60), at("won", 1, 500, 1, 0, 0, 0, 0)]


def test_a_lost_deal_leaves_its_stage_and_is_counted_as_lost() -> None:
    event = OpportunityLost("standard", "b", 500, "CNY", *WHO, 60, "price", None)
    assert told(event) == [at("b", -1, -500, 0, 0, 0, 1, 60), at("lost", 1, 500, 1, 0, 0, 0, 0)]


def test_another_closing_date_changes_no_figure() -> None:
    assert told(OpportunityRescheduled(None, AT.date())) == []


def test_conversion_and_time_are_of_those_who_left_the_stage(company: Company) -> None:
    """Of three deals one goes on after an hour, one is lost after three, and one waits."""
    company.ask(
        HireRep(id="R1", name="Rep", department="key", region="north"),
        RegisterCustomer(id="C1", name="C1", customer_kind="retailer", owner="R1"),
        *(
            OpenOpportunity(
                id=name, customer="C1", title="Tea", amount=amount, currency="CNY", occurred_at=AT
            )
            for name, amount in [("won", 100), ("lost", 20), ("waits", 3)]
        ),
    )
    hour, three = AT + timedelta(hours=1), AT + timedelta(hours=3)
    company.ask(
        AdvanceOpportunity(id="won", stage="proposal", occurred_at=hour),
        LoseOpportunity(id="lost", reason="price", occurred_at=three),
        WinOpportunity(id="won", occurred_at=three),
    )
    company.follow()
    with company.read() as connection:
        rows = {row["stage"]: row for row in funnel.read(connection)}
    first, proposal = rows["qualification"], rows["proposal"]
    assert (first["deals"], first["amount"], first["entered"]) == (1, 3, 3)
    assert (first["conversion_bp"], first["average_seconds"]) == (5_000, 2 * 3600)
    assert (proposal["deals"], proposal["amount"], proposal["conversion_bp"]) == (0, 0, 10_000)
    assert (rows["won"]["deals"], rows["won"]["amount"]) == (1, 100)
    assert (rows["lost"]["deals"], rows["lost"]["amount"]) == (1, 20)
    assert rows["won"]["conversion_bp"] is None


def test_one_asks_for_one_department_or_for_several(company: Company) -> None:
    company.ask(
        *(HireRep(id=f"R{n}", name="Rep", department=f"d{n}", region="north") for n in (1, 2, 3)),
        *(
            RegisterCustomer(id=f"C{n}", name="C", customer_kind="retailer", owner=f"R{n}")
            for n in (1, 2, 3)
        ),
        *(
            OpenOpportunity(id=f"O{n}", customer=f"C{n}", title="Tea", amount=n, currency="CNY")
            for n in (1, 2, 3)
        ),
    )
    company.follow()
    with company.read() as connection:
        one = funnel.read(connection, filters={"department": "d1"})
        two = funnel.read(connection, by=("department",), filters={"department": ["d1", "d3"]})
    assert [row["amount"] for row in one] == [1]
    assert [(row["department"], row["amount"]) for row in two] == [("d1", 1), ("d3", 3)]
