"""Leads in memory: nobody has more than the cap, none is converted twice or over another's head."""

from collections import Counter
from datetime import timedelta

from hypothesis import given as each
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from scenario import NOON, World

from aggregates import ReferenceTaken, Refused
from aggregates.customers.customer import Customer
from aggregates.leads.desk import DESK, LeadDesk
from aggregates.leads.lead import Lead
from aggregates.leads.lead.events import LeadNurtured, LeadResumed
from aggregates.leads.lead.refusals import FullLoad, LeadClosed, NotQualified
from aggregates.likeness import Traits, compare, keys
from commands import Command
from commands.customers.customer import RegisterCustomer
from commands.leads.conversion import ConvertLead
from commands.leads.lead import (
    AssignLead,
    CaptureLead,
    DisqualifyLead,
    NurtureLead,
    QualifyLead,
    ResumeLead,
    ResumeNurturedLead,
)
from commands.organisation.rep import HireRep
from commands.organisation.settings import ChangeSettings

REPS = "li", "wu", "qi"


def company(**assignment: object) -> World:
    world = World()
    world.ask(*(HireRep(id=who, name=who, department="d", region="r") for who in REPS))
    if assignment:
        world.ask(ChangeSettings(id="leads.assignment", values=assignment, reason="fair"))
    return world


def lead(number: int, firm: str | None = None, owner: str | None = "li") -> CaptureLead:
    worth = {"amount": 5, "currency": "CNY"}
    said = {"title": "x", "source": "call", "company": firm or f"Firm{number}", "owner": owner}
    return CaptureLead.model_validate({"id": f"L{number}", **said, **worth})


def held(world: World) -> Counter[str]:
    """How many leads each person has to work on, by the leads themselves."""
    every = (Lead.after(told) for name, told in world.streams.items() if name.startswith("lead-"))
    return Counter(one.who.owner for one in every if one.held)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["capture", "assign", "drop", "put off", "resume"]), st.integers(0, 5)
    ),
    max_size=30,
)
RULE = {"name": "all", "reps": list(REPS)}


@hypothesis_settings(max_examples=30)
@each(steps=STEPS, cap=st.integers(1, 2), way=st.sampled_from(["round_robin", "least_load"]))
def test_nobody_is_given_more_open_leads_than_the_cap(
    steps: list[tuple[str, int]], cap: int, way: str
) -> None:
    world = company(rules=[{**RULE, "way": way}], cap=cap)
    later = (NOON + timedelta(days=9)).date()
    for step, number in steps:
        name, before = f"L{number}", held(world)
        asked: dict[str, Command] = {
            "capture": lead(number, owner=None),
            "assign": AssignLead(id=name, owner=REPS[number % len(REPS)]),
            "drop": DisqualifyLead(id=name, reason="no_need"),
            "put off": NurtureLead(id=name, until=later, reason="later"),
            "resume": ResumeLead(id=name, reason="now"),
        }
        try:
            world.ask(asked[step])
        except Refused:
            assert held(world) == before
        if step in ("capture", "assign"):
            now = held(world)
            assert all(now[who] <= max(cap, before[who]) for who in REPS)
        desk: LeadDesk = world.load(LeadDesk, DESK)
        assert {who: many for who, many in desk.open.items() if many} == dict(held(world))


def test_whose_turn_it_is_passes_over_whoever_has_enough() -> None:
    world = company(rules=[RULE], cap=1)
    for number in range(4):
        world.ask(lead(number, owner=None))
    owners = [world.load(Lead, f"L{number}").who.owner for number in range(4)]
    assert owners == [*REPS, ""]
    world.refuses(AssignLead(id="L3", owner="wu"), FullLoad)
    world.ask(DisqualifyLead(id="L1", reason="no_need"), AssignLead(id="L3"))
    assert world.load(Lead, "L3").who.owner == "wu"


def test_a_lead_is_converted_once_and_only_when_it_is_qualified() -> None:
    world = company()
    world.ask(lead(1))
    world.refuses(ConvertLead(id="L1"), NotQualified)
    world.ask(QualifyLead(id="L1"), ConvertLead(id="L1"))
    assert world.ask(ConvertLead(id="L1")) == ()
    done = world.load(Lead, "L1").converted
    assert done is not None
    assert done.new == ("customer", "opportunity")
    world.ask(RegisterCustomer(id="C9", name="Other", customer_kind="dealer", owner="li"))
    world.refuses(ConvertLead(id="L1", customer="C9"), ReferenceTaken)
    world.refuses(QualifyLead(id="L1", comment="x"), LeadClosed)


def test_what_is_put_off_comes_back_on_its_day_and_not_before() -> None:
    world = company()
    later = (NOON + timedelta(days=9)).date()
    put_off = NurtureLead(id="L1", until=later, reason="no budget")
    (event,) = [one for one in world.ask(lead(1), put_off) if isinstance(one, LeadNurtured)]
    back = ResumeNurturedLead(id="L1")
    assert world.ask(back, at=event.resume_at - timedelta(seconds=1)) == ()
    first, *_ = world.ask(back, at=event.resume_at)
    assert isinstance(first, LeadResumed)
    assert world.ask(back, at=event.resume_at) == ()


FIRMS = st.sampled_from(["鼎盛", "鼎盛贸易", "Blue Door", "Blue Door Ltd", "华联", "华联有限公司"])


@hypothesis_settings(max_examples=20)
@each(firms=st.lists(FIRMS, min_size=2, max_size=6))
def test_no_two_owners_get_the_same_company_without_a_ruling(firms: list[str]) -> None:
    world = company()
    for number, firm in enumerate(firms):
        asked = lead(number, firm, owner=REPS[number % len(REPS)])
        world.ask(asked, QualifyLead(id=asked.id), ConvertLead(id=asked.id))
    streams = world.streams.items()
    states = [Customer.after(told) for name, told in streams if name.startswith("customer-")]
    names = [state.name.removesuffix(" Ltd")[:9].removesuffix("贸易") for state in states]
    assert len({name.removesuffix("有限公司") for name in names}) == len(names)
    ended = [Lead.after(told) for name, told in streams if name.startswith("lead-")]
    assert sum(one.converted is not None for one in ended) == len(states)


def test_parties_are_alike_by_name_phone_tax_id_and_address() -> None:
    one = Traits(
        "上海鼎盛贸易有限公司", ("+86 138-0000-1111",), (), "91-3100", "浦东新区张江路100号3楼"
    )
    assert compare(one, Traits("鼎盛商贸")) == (8_000, ("name",))
    assert compare(one, Traits(phones=("13800001111",))) == (9_500, ("phone",))
    assert compare(one, Traits(tax_id="913100")) == (10_000, ("tax_id",))
    assert compare(one, Traits(address="上海市浦东新区张江路100号")) == (7_000, ("address",))
    assert compare(one, Traits("鼎新商贸", ("13800001112",)), 6_000).by == ()
    for other in (Traits("鼎盛商贸"), Traits(phones=("13800001111",)), Traits(tax_id="913100")):
        assert set(keys(one)) & set(keys(other))


def test_no_key_of_a_person_tells_who_it_is() -> None:
    person = Traits(phones=("13800001111",), emails=("zhao@shop.cn",), address="张江路100号")
    assert all(len(key.partition(":")[2]) == 5 for key in keys(person))
