"""Told twice is told once: the same again changes nothing, and another content is never dropped.

Each command has a sample: what was before, the command, and for each of its fields another value.
With one field changed it either happens, as a change of its own, or is refused, and the refusal
names the field with both values. It is never answered as if it had been done.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from scenario import World

from aggregates import PERSONAL, ReferenceTaken, Refused, calendar
from aggregates.approvals.request import ConfirmationRequested
from aggregates.catalog.product_line import ProductLine
from aggregates.channel.outlet import Outlet
from aggregates.customers.customer.own_fields import OWN_FIELDS
from aggregates.mentions import ThingRef
from aggregates.organisation.department import Department
from aggregates.organisation.position import Position
from aggregates.organisation.region import Region
from aggregates.organisation.sharing_rule import SharingRule
from aggregates.plain import Plain
from aggregates.pricing.price_list import PriceList
from commands import Command, plain
from commands.approvals.absence import AnnounceAbsence, EndAbsence
from commands.approvals.approval import (
    CommentApproval,
    ReassignApproval,
    RefuseApproval,
    SignApproval,
    WithdrawApproval,
)
from commands.approvals.request import (
    ConfirmRequest,
    DeclineRequest,
    KeepRequest,
    WithdrawRequest,
)
from commands.catalog.product import (
    AddProduct,
    ChangeProductDetails,
    DiscontinueProduct,
    RepriceProduct,
    ResumeProduct,
    WithdrawProduct,
)
from commands.channel.agreement import (
    ChangeAgreement,
    DraftAgreement,
    EndAgreement,
    RemindOfAgreement,
    SignAgreement,
)
from commands.channel.goods_flow import CorrectGoodsFlow, FlowPart, ReportGoodsFlow
from commands.channel.statement import (
    ConfirmStatement,
    DisputeStatementLine,
    EnterStatementLine,
    SendStatement,
    SettleStatementLine,
)
from commands.channel.stock_report import (
    AcceptStockReport,
    CorrectStockReport,
    ExplainStockVariance,
    RejectStockReport,
    ReportDealerStock,
    StockLine,
)
from commands.customers.customer import (
    AddContact,
    ChangeContact,
    ChangeCustomerDetails,
    FreezeCustomer,
    MoveContact,
    RateCustomer,
    ReassignCustomer,
    RegisterCustomer,
    RemoveContact,
    UnfreezeCustomer,
    WithdrawCustomer,
)
from commands.customers.interaction import ChangeInteraction, RecordInteraction
from commands.customers.merge import MergeCustomer, UnmergeCustomer
from commands.customers.network import PlacePartner
from commands.customers.pool import ClaimCustomer, ReleaseCustomer, ReviewPoolDeadline
from commands.customers.portfolio import HandOverCustomers, ListOpportunities
from commands.customers.share import ShareCustomer, UnshareCustomer
from commands.fieldwork.appointment import (
    CancelAppointment,
    ChangeAppointmentDetails,
    HoldAppointment,
    InviteToAppointment,
    MoveAppointment,
    PlanAppointment,
    ReassignAppointment,
)
from commands.fieldwork.task import (
    CancelTask,
    ChangeTaskDetails,
    CompleteTask,
    CreateTask,
    ReassignTask,
    ReopenTask,
    ReportTaskProgress,
    RescheduleTask,
    TickTaskItem,
)
from commands.files.attachments import AttachFile, DetachFile
from commands.files.content import NoteUpload
from commands.handover import MakeHandover, UndoHandover
from commands.inventory.adjustment import MakeAdjustment, RequestAdjustment
from commands.inventory.blocking import ScrapBlockedStock, UnblockStock
from commands.inventory.lot import CorrectLotExpiry, QuarantineLot, RegisterLot, ReleaseLot
from commands.inventory.movement import CancelMovement, MovementLine, PostMovement
from commands.inventory.stock import (
    AdjustStock,
    CountStock,
    IssueStock,
    ReceiveStock,
    ReceiveTransfer,
    ReleaseStock,
    ReserveStock,
    SellOut,
    TransferStock,
)
from commands.inventory.stock_corrections import (
    CancelTransfer,
    CorrectHolder,
    CorrectReceiptCost,
    RedirectTransfer,
    ReturnSellOut,
    ReverseArrival,
    ReverseMovement,
    UndoSellOutReturn,
)
from commands.leads.collision import FindCollisions, RuleCollision
from commands.leads.conversion import ConvertLead
from commands.leads.lead import (
    AssignLead,
    CaptureLead,
    ChangeLeadDetails,
    DisqualifyLead,
    NurtureLead,
    QualifyLead,
    ResumeLead,
)
from commands.loyalty.deposit import ReverseDeposit, SetMemberTier, SpendDeposit, TopUpDeposit
from commands.loyalty.member import (
    ChangeMemberDetails,
    EnrolMember,
    ExpirePoints,
    RedeemPoints,
    ReverseRedemption,
    WithdrawMember,
)
from commands.loyalty.member_lead import CaptureMemberLead, DropMemberLead, EnrolMemberLead
from commands.loyalty.purchase import (
    Back,
    Bought,
    EarnPoints,
    RecordPurchase,
    ReturnPurchase,
    ReverseEarning,
)
from commands.notices.subscription import ChangeSubscription, Subscribe, Unsubscribe
from commands.operations.deadline import CancelDeadline
from commands.operations.exclusion import RestoreSkipped, SkipParked
from commands.opportunities.opportunity import (
    AdvanceOpportunity,
    ChangeOpportunityDetails,
    CompleteStageTask,
    LoseOpportunity,
    OpenOpportunity,
    ReassignOpportunity,
    ReopenOpportunity,
    ReopenStageTask,
    RescheduleOpportunity,
    RevalueOpportunity,
    WinOpportunity,
)
from commands.opportunities.pipeline import DefinePipeline, NewStageTask, Stage
from commands.orders.blocking import BlockStock
from commands.orders.claim import AcceptClaim, FileClaim, RejectClaim
from commands.orders.deferral import DeferOrder
from commands.orders.exchange import ExchangeOrder
from commands.orders.order import (
    ApproveOrder,
    CancelOrder,
    CreditLoss,
    DraftOrder,
    Line,
    LinePart,
    RedraftOrder,
    RejectOrder,
    ReturnOrder,
    ShipOrder,
    SubmitOrder,
)
from commands.orders.shipment import (
    CancelPick,
    CorrectTracking,
    DeliverShipment,
    DispatchShipment,
    PickShipment,
    UndoDelivery,
)
from commands.orders.steps import SignOrderStep, UndoStepSignature
from commands.orders.undone_return import UndoLoss, UndoReturn
from commands.organisation.account import (
    CloseAccount,
    GrantRole,
    OpenAccount,
    ReopenAccount,
    RevokeRole,
)
from commands.organisation.assignment import CancelPlannedAssignment, PlanAssignment
from commands.organisation.position import LeavePosition, TakePosition
from commands.organisation.rep import (
    ChangeRepDetails,
    DismissRep,
    HireRep,
    MoveRep,
    ReturnRep,
    WithdrawRep,
)
from commands.organisation.settings import ChangeSettings
from commands.pricing.contract import (
    CancelContract,
    DraftContract,
    MakeContract,
    OrderContract,
    ReviseContract,
    SignContract,
    SubmitContract,
    TerminateContract,
)
from commands.pricing.list_price import PriceBreak, RemoveListPrice, SetListPrice
from commands.pricing.quotation import (
    AcceptQuotation,
    CancelQuotation,
    DraftQuotation,
    OrderQuotation,
    RefuseQuotation,
    ReviseQuotation,
    SendQuotation,
)
from commands.receivables.account import (
    AgreePaymentTerms,
    HoldCredit,
    ReleaseCreditHold,
    SetCreditLimit,
)
from commands.receivables.allocation import AllocateReceipt, UndoAllocation
from commands.receivables.credit_note import CancelCreditNote, IssueCreditNote
from commands.receivables.invoice import IssueInvoice, UndoWriteOff, WriteOffInvoice
from commands.receivables.receipt import BounceReceipt, ReceivePayment, RefundReceipt, UndoRefund
from commands.targets.breakdown import BreakDownTarget, Part
from commands.targets.review import ReviseReview, SignReview, WriteReview
from commands.targets.target import ChangeTarget, SetTarget, WithdrawTarget
from commands.valuation.stock_period import CloseStockPeriod, ReopenStockPeriod
from services.bootstrap import CONTEXTS

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
UNSAID = {"id", "occurred_at", "dates"}
"""What every command has: whose it is, and when."""


@dataclass(frozen=True)
class Sample:
    """`others` has another value for every field that the command has."""

    command: Command
    others: Mapping[str, Any] = field(default_factory=dict)
    before: tuple[Command, ...] = ()
    settles: frozenset[str] = frozenset()
    """Fields that are how the same thing is asked for, not what: another value is a repeat."""
    says: Mapping[str, str] = field(default_factory=dict)
    """How a refusal names what differs, where a field is a list of lines."""
    asked_by: str = "tester"
    """Who asks the command; what was before was asked by the tester."""


def two(kind: type[Command], **fields: Any) -> tuple[Command, ...]:
    return kind(id="A", **fields), kind(id="B", **fields)


hire = two(HireRep, name="Li", department="east", region="shanghai")
register = two(RegisterCustomer, name="Shop", customer_kind="dealer", owner="A")
add = two(AddProduct, name="Tea", category="x", unit="box", list_price=9, cost=7, currency="CNY")
deal = OpenOpportunity(
    id="A", customer="A", title="Tea", amount=5, currency="CNY", rep="A", products=("A",)
)
founded = *hire, *register, *add
profile: dict[str, Any] = {"industry": "food", "size": "small", "customer_class": "key"}
profile |= {"tax_id": "91310", "phone": "021-1"}
own: dict[str, Any] = {
    name: 7 if "number" in name else "2026-03-02" if "date" in name else "x" for name in OWN_FIELDS
}
own_fields = ChangeSettings(
    id="customers.fields",
    values={"fields": [{"field": name, "name": name} for name in OWN_FIELDS]},
    reason="as we work",
)
steps_signed = ChangeSettings(
    id="orders.steps", values={"payment": "finance", "shipping": "warehouse"}, reason="four eyes"
)
opened = *founded, deal
contact = AddContact(id="A", contact="P", name="Zhao", title="buyer", phone="1", email="a@b")
another_contact: dict[str, Any] = {"name": "Qian", "title": "boss", "phone": "2", "email": "c@d"}
another_contact |= {"birthday": date(1980, 5, 1), "hobbies": "go", "project": "tea"}
another_contact |= {"need_focus": "price", "level": "manager", "influence": "decides"}
place = {"department": "west", "region": "chengdu"}
what = {"name": "Pot", "category": "y", "unit": "bag", "supplier": "S2", "currency": "USD"}
away = DismissRep(id="A", reason="retired")
kept = {
    "brand": "Long",
    "product_line": "A",
    "sales_route": "direct",
    "transport": "chilled",
    "on_sale_from": "2026-01-01",
    "on_sale_until": "2026-12-31",
    "successor": "B",
}
seasons = two(plain.verbs(ProductLine).register, name="Spring")
frozen = FreezeCustomer(id="A", reason="unpaid")
staff = [one.model_copy(update={"id": who}) for one, who in zip(hire, ("li", "wu"), strict=True)]
theirs = *founded, *staff, ReassignCustomer(id="A", owner="li", reason="asked for")
all_over = MakeHandover(id="H", rep="li", owner="wu", reason="leave")
merged = MergeCustomer(id="A", customer="B", reason="one shop")
stopped = DiscontinueProduct(id="A", reason="old")
STAGES = Stage(stage="seen"), Stage(stage="tried")

MASTERS = [
    Sample(hire[0], {"name": "Wu", **place, "title": "manager", "sells": False}),
    Sample(ChangeRepDetails(id="A", name="Wu", title="x"), {"name": "Xu", "title": "y"}, hire),
    Sample(MoveRep(id="A", **place), {"department": "north", "region": "beijing"}, hire),
    Sample(away, {"reason": "ill"}, hire),
    Sample(ReturnRep(id="A"), place, (*hire, away)),
    Sample(
        register[0],
        {"name": "Firm", "customer_kind": "retailer", "owner": "B", **place}
        | {"city": "Xi'an", "country": "CN", "source": "fair", **profile, **own},
        (*hire, own_fields),
        says=dict.fromkeys(own, "own"),
    ),
    Sample(
        ChangeCustomerDetails(id="A", name="Firm", city="Xi'an"),
        {"name": "Inn", "city": "Wuxi", "country": "CN", "customer_kind": "retailer"}
        | {"source": "fair", **profile, **own},
        (*founded, own_fields),
    ),
    Sample(
        ReassignCustomer(id="A", owner="B", reason="leave"),
        {"owner": "A", **place, "reason": "ill", "opportunities": False},
        founded,
        settles=frozenset({"opportunities"}),
    ),
    Sample(
        HandOverCustomers(id="A", owner="B", customers=("A",), reason="leave"),
        {"owner": "A", "customers": ("A", "B"), "reason": "ill"},
        founded,
    ),
    Sample(contact, {"contact": "Q", **another_contact}, founded),
    Sample(
        ChangeContact(id="A", contact="P", name="Sun"),
        another_contact,
        (*founded, contact, contact.model_copy(update={"contact": "Q"})),
    ),
    Sample(RemoveContact(id="A", contact="P"), {"contact": "Q"}, (*founded, contact)),
    Sample(
        MoveContact(id="A", contact="P", customer="B", title="boss"),
        {"contact": "Q", "customer": "A", "to_contact": "Q", "title": "buyer"},
        (*founded, contact),
    ),
    Sample(frozen, {"reason": "bankrupt"}, founded),
    Sample(merged, {"customer": "A", "reason": "told so"}, founded),
    Sample(all_over, {"rep": "wu", "owner": "li", "reason": "ill"}, theirs),
    Sample(UndoHandover(id="H", reason="x"), {"reason": "y"}, (*theirs, all_over)),
    Sample(
        UnmergeCustomer(id="A", reason="two"),
        {"reason": "no"},
        (*founded, merged),
    ),
    Sample(UnfreezeCustomer(id="A"), {}, (*founded, frozen)),
    Sample(add[0], {**what, **kept, "list_price": 8, "cost": 6}, (*seasons, add[1])),
    Sample(ChangeProductDetails(id="A", name="Cup"), {**what, **kept}, (*seasons, *add)),
    Sample(RepriceProduct(id="A", list_price=8, cost=6), {"list_price": 7, "cost": 5}, add),
    Sample(stopped, {"reason": "recalled"}, add),
    Sample(ResumeProduct(id="A"), {}, (*add, stopped)),
    Sample(WithdrawRep(id="A", reason="twice"), {"reason": "wrong"}, hire),
    Sample(WithdrawCustomer(id="A", reason="twice"), {"reason": "wrong"}, founded),
    Sample(WithdrawProduct(id="A", reason="twice"), {"reason": "wrong"}, add),
    Sample(DefinePipeline(id="A", stages=STAGES), {"stages": STAGES[:1], "gate": "strict"}),
]
TASKS_OF_STAGE = (
    NewStageTask(stage_task="call", title="Call"),
    NewStageTask(stage_task="send", title="Send"),
)
with_tasks = (
    *founded,
    DefinePipeline(id="own", stages=(Stage(stage="seen", tasks=TASKS_OF_STAGE),)),
    deal.model_copy(update={"pipeline": "own"}),
)
OPPORTUNITIES = [
    Sample(
        deal,
        {"customer": "B", "title": "Cups", "pipeline": "tender", "amount": 6, "rep": "B", **place}
        | {"currency": "USD", "expected_close": date(2026, 5, 1), "products": ("B",)}
        | {"deal_type": "fair"},
        founded,
    ),
    Sample(
        CompleteStageTask(id="A", stage_task="call", result="Yes"),
        {"stage_task": "send", "result": "No"},
        with_tasks,
    ),
    Sample(
        ReopenStageTask(id="A", stage_task="call", reason="wrong"),
        {"stage_task": "send", "reason": "early"},
        (*with_tasks, CompleteStageTask(id="A", stage_task="call")),
    ),
    Sample(
        ChangeOpportunityDetails(id="A", title="Cups"),
        {"title": "Pots", "customer": "B", "products": ("B",)}
        | {"currency": "USD", "pipeline": "tender"},
        opened,
    ),
    Sample(AdvanceOpportunity(id="A", stage="proposal"), {"stage": "negotiation"}, opened),
    Sample(RevalueOpportunity(id="A", amount=6), {"amount": 7}, opened),
    Sample(
        RescheduleOpportunity(id="A", expected_close=date(2026, 5, 1)),
        {"expected_close": date(2026, 6, 1)},
        opened,
    ),
    Sample(ReassignOpportunity(id="A", rep="B"), {"rep": "A", **place}, opened),
    Sample(WinOpportunity(id="A", order="O1"), {"order": "O2"}, opened),
    Sample(
        LoseOpportunity(id="A", reason="price", detail="x"),
        {"reason": "timing", "detail": "y"},
        opened,
    ),
    Sample(
        ReopenOpportunity(id="A", reason="another"),
        {"reason": "wrong"},
        (*opened, LoseOpportunity(id="A", reason="price")),
    ),
    Sample(
        ListOpportunities(id="A", opportunities=("A",)),
        {"opportunities": ("A", "B")},
        (*opened, deal.model_copy(update={"id": "B"})),
        settles=frozenset({"opportunities"}),
    ),
]
enrol = EnrolMember(id="A", name="Sun", phone="1", dealer="A")
earn = EarnPoints(
    id="A",
    purchase="P",
    points=5,
    amount=500,
    currency="CNY",
    dealer="A",
    till="T",
    expires_on=date(2027, 12, 31),
)
redeem = RedeemPoints(id="A", redemption="R", form="gift", points=2, reward="cup")
bought, more = (Bought(item="A", quantity=n, amount=900) for n in (2, 3))
record = RecordPurchase(id="A", purchase="P", dealer="A", currency="CNY", lines=(bought,))
some, all_of_it = (Back(item="A", quantity=n) for n in (1, 2))
which = {"purchase": "Q", "dealer": "B", "till": "U"}
another_day = which | {"day": date(2026, 3, 1)}
topped = TopUpDeposit(id="A", top_up="T", amount=9, currency="CNY", dealer="A")
reached = CaptureMemberLead(id="A", name="Sun", phone="1", campaign="spring", dealer="A")
MEMBERS = [
    Sample(
        topped,
        {"top_up": "U", "amount": 8, "currency": "USD", "dealer": "B"},
        (enrol,),
    ),
    Sample(
        SpendDeposit(id="A", spend="T", amount=3, currency="CNY", dealer="A"),
        {"spend": "U", "amount": 2, "currency": "USD", "dealer": "B"},
        (enrol, topped),
    ),
    Sample(
        ReverseDeposit(id="A", top_up="T", reason="typed wrong"),
        {"top_up": "U", "spend": "T", "reason": "moved"},
        (enrol, topped),
    ),
    Sample(SetMemberTier(id="A", tier="gold"), {"tier": "silver"}, (enrol,)),
    Sample(reached, {"name": "Li", "phone": "2", "campaign": "autumn", "dealer": "B"}),
    Sample(
        EnrolMemberLead(id="A", member="M"),
        {"member": "N", "program": "gold"},
        (reached,),
    ),
    Sample(DropMemberLead(id="A", reason="moved"), {"reason": "no"}, (reached,)),
    Sample(enrol, {"name": "Li", "phone": "2", "dealer": "B", "program": "gold"}),
    Sample(
        ChangeMemberDetails(id="A", phone="3"),
        {"name": "Li", "phone": "4", "dealer": "B"},
        (enrol,),
    ),
    Sample(WithdrawMember(id="A", reason="twice"), {"reason": "wrong"}, (enrol,)),
    Sample(
        earn,
        which | {"points": 6, "amount": 600, "currency": "USD", "expires_on": date(2028, 12, 31)},
        (enrol,),
    ),
    Sample(
        redeem,
        {"redemption": "S", "form": "cash_back", "points": 3, "reward": "pot"}
        | {"amount": 5, "currency": "CNY", "dealer": "B"},
        (enrol, earn),
    ),
    Sample(ReverseRedemption(id="A", redemption="R"), {"redemption": "S"}, (enrol, earn, redeem)),
    Sample(
        ExpirePoints(id="A"),
        {"on": date(2026, 3, 1)},
        (enrol, earn),
        settles=frozenset({"on"}),
    ),
    Sample(
        ReverseEarning(id="A", purchase="P", reason="mistake"),
        another_day | {"reason": "fraud"},
        (enrol, earn),
    ),
    Sample(
        record,
        which | {"currency": "USD", "lines": (more,)},
        (enrol,),
        says={"lines": "quantity of A 2, not 3"},
    ),
    Sample(
        ReturnPurchase(id="A", purchase="P", return_id="R", lines=(some,)),
        another_day | {"return_id": "S", "lines": (all_of_it,), "reason": "broken"},
        (enrol, record),
        says={"lines": "quantity of A 1, not 2"},
    ),
]
friday, monday = (datetime(2026, 3, day, 9, tzinfo=UTC) for day in (6, 9))
about = {"customer": "A", "opportunity": "A", "order": "O1"}
other_task = {"title": "Call", "text": "y", "priority": "low"} | dict.fromkeys(about, "B")
chores = CreateTask(id="A", title="Visit", text="x", owner="A", due=friday, **about)
steps = chores.model_copy(update={"checklist": ("look", "ask")})
TASKS = [
    Sample(
        chores,
        {**other_task, "owner": "B", "asked_by": "B", "due": monday, "checklist": ("look",)},
        founded,
    ),
    Sample(ChangeTaskDetails(id="A", title="Ask"), other_task, (*founded, chores)),
    Sample(RescheduleTask(id="A", due=monday), {"due": friday}, (*founded, chores)),
    Sample(
        ReassignTask(id="A", owner="B", reason="ill"),
        {"owner": "A", "reason": "leave"},
        (*founded, chores),
    ),
    Sample(
        ReportTaskProgress(id="A", percent=50, comment="x"),
        {"percent": 60, "comment": "y"},
        (*founded, chores),
    ),
    Sample(TickTaskItem(id="A", item=1), {"item": 2, "done": False}, (*founded, steps)),
    Sample(CompleteTask(id="A", result="sold"), {"result": "lost"}, (*founded, chores)),
    Sample(CancelTask(id="A", reason="moot"), {"reason": "twice"}, (*founded, chores)),
    Sample(
        ReopenTask(id="A", reason="again"),
        {"reason": "wrong"},
        (*founded, chores, CompleteTask(id="A")),
    ),
]
tour = PlanAppointment(
    id="A",
    title="Tour",
    text="x",
    appointment_kind="visit",
    owner="A",
    starts_at=NOON - timedelta(hours=2),
    ends_at=NOON - timedelta(hours=1),
    zone="Asia/Shanghai",
    place="shop",
    customer="A",
    opportunity="A",
)
other_tour = {"title": "Call", "text": "y", "appointment_kind": "call", "place": "by phone"}
other_tour |= {"zone": "Asia/Urumqi", "customer": "B", "opportunity": "B"}
other_time = {"starts_at": friday, "ends_at": monday}
APPOINTMENTS = [
    Sample(tour, {**other_tour, **other_time, "owner": "B", "participants": ("B",)}, founded),
    Sample(ChangeAppointmentDetails(id="A", title="Ask"), other_tour, (*founded, tour)),
    Sample(
        InviteToAppointment(id="A", participants=("B",)), {"participants": ()}, (*founded, tour)
    ),
    Sample(
        MoveAppointment(id="A", starts_at=friday, ends_at=monday, reason="rain"),
        {"starts_at": NOON, "ends_at": monday + timedelta(hours=1), "reason": "ill"},
        (*founded, tour),
    ),
    Sample(
        ReassignAppointment(id="A", owner="B", reason="ill"),
        {"owner": "A", "reason": "leave"},
        (*founded, tour),
    ),
    Sample(
        HoldAppointment(id="A", result="sold", check_in="C1"),
        {"result": "lost", "check_in": "C2"},
        (*founded, tour),
    ),
    Sample(CancelAppointment(id="A", reason="moot"), {"reason": "twice"}, (*founded, tour)),
]
four = (Line(item="A", quantity=4),)
two_of_it, one_of_it = (LinePart(line=1, quantity=2),), (LinePart(line=1, quantity=1),)
shop = RegisterCustomer(id="A", name="Shop", customer_kind="retailer", owner="A")
draft = DraftOrder(id="A", customer="A", warehouse="W", rep="A", lines=four)
submit, approve = SubmitOrder(id="A"), ApproveOrder(id="A", approver="boss")
goods = {"location": "W", "item": "A", "reference": "R"}
there, short = ReceiveStock(**goods, quantity=9), ReceiveStock(**goods, quantity=3)
trading = *hire, shop, register[1], *add
approved = *trading, there, draft, submit, approve
ship = ShipOrder(id="A", shipment="S", lines=two_of_it)
later = dict.fromkeys(("wait_until", "hold_until"), datetime(2100, 1, 1, tzinfo=UTC))
swap = ExchangeOrder(
    id="A",
    exchange="X",
    lines=one_of_it,
    replacement=(Line(item="A", quantity=1),),
    reason="broken",
)
parcel = {"order": "A", "shipment": "S"}
carried = {"carrier": "SF", "tracking_number": "1"}
dispatch = DispatchShipment(**parcel, carrier="YTO")
slip = "ef" * 32
slip_sent = {"media_type": "image/png", "size": 1, "account": "li", "copy_number": 1}
ORDERS = [
    Sample(
        draft,
        {"customer": "B", "warehouse": "V", "rep": "B", "opportunity": "A"}
        | {"lines": (Line(item="A", quantity=4, unit_price=8),)},
        trading,
        says={"lines": "unit_price of line 1 9, not 8"},
    ),
    Sample(
        RedraftOrder(id="A", lines=four),
        {"lines": (Line(item="B", quantity=1),)},
        (*trading, draft),
    ),
    Sample(submit, {}, (*trading, draft)),
    Sample(
        approve,
        {"approver": "chief", "content": "x", "partial": True, "rest": "B"} | later,
        approved[:-1],
        settles=frozenset({"partial", "rest", "wait_until"}),  # all was there
    ),
    Sample(
        ApproveOrder(id="A", approver="boss", partial=True, rest="B"),
        {"approver": "chief", "content": "x", "partial": False, "rest": "C"} | later,
        (*trading, short, draft, submit),
        settles=frozenset({"wait_until"}),
    ),
    Sample(RejectOrder(id="A", reason="cheap"), {"reason": "dear"}, (*trading, draft, submit)),
    Sample(
        ship,
        {"shipment": "T", "lines": one_of_it},
        approved,
        says={"lines": "quantity of line 1 2, not 1"},
    ),
    Sample(CancelOrder(id="A", reason="late"), {"reason": "dear"}, approved),
    Sample(
        DeferOrder(id="A", reason="counted"),
        {"reason": "missing", "partial": True},
        (*approved, CountStock(location="W", item="A", counted=1, reference="C")),
    ),
    Sample(
        ReturnOrder(id="A", return_id="R", lines=one_of_it, reason="broken"),
        {"return_id": "Q", "lines": two_of_it, "reason": "late", "condition": "damaged"},
        (*approved, ship),
        says={"lines": "quantity of line 1 1, not 2"},
    ),
    Sample(
        UndoLoss(id="A", loss="L", reason="found"),
        {"loss": "M", "reason": "wrong"},
        (*approved, ship, CreditLoss(id="A", loss="L", shipment="S", lines=one_of_it)),
    ),
    Sample(
        UndoReturn(id="A", return_id="R", reason="another"),
        {"return_id": "Q", "reason": "wrong"},
        (
            *approved,
            ship,
            ReturnOrder(id="A", return_id="R", lines=one_of_it, reason="broken"),
            ReturnOrder(id="A", return_id="Q", lines=one_of_it, reason="broken"),
        ),
    ),
    Sample(
        CreditLoss(id="A", loss="L", shipment="S", lines=one_of_it),
        {"loss": "M", "shipment": "T", "lines": two_of_it},
        (*approved, ship),
        says={"lines": "quantity of line 1 1, not 2"},
    ),
    Sample(
        swap,
        {"exchange": "Y", "lines": two_of_it, "reason": "late", "replacement_order": "C"}
        | {"condition": "damaged"}
        | {"replacement": (Line(item="A", quantity=2),)},
        (*approved, ship),
        says={
            "lines": "quantity of line 1 1, not 2",
            "replacement": "quantity of line 1 1, not 2",
            "replacement_order": "replacement_order A-X, not C",
        },
    ),
    Sample(
        PickShipment(**parcel, lines=one_of_it),
        {"order": "B", "shipment": "T", "lines": two_of_it},
        approved,
        says={"lines": "quantity of line 1 1, not 2"},
    ),
    Sample(
        CancelPick(**parcel, reason="wrong shelf"),
        {"order": "B", "shipment": "T", "reason": "other shelf"},
        (*approved, PickShipment(**parcel, lines=one_of_it)),
    ),
    Sample(dispatch, carried | {"order": "B", "shipment": "T"}, approved),
    Sample(
        CorrectTracking(**parcel, carrier="EMS"),
        carried | {"order": "B", "shipment": "T"},
        (*approved, dispatch),
    ),
    Sample(
        DeliverShipment(**parcel),
        {"order": "B", "shipment": "T", "proof": slip, "note": "wet"},
        (*approved, dispatch, NoteUpload(id=slip, **slip_sent)),
    ),
    Sample(
        UndoDelivery(**parcel, reason="another"),
        {"order": "B", "shipment": "T", "reason": "wrong"},
        (*approved, dispatch, DeliverShipment(**parcel)),
    ),
    Sample(
        SignOrderStep(id="A", step="shipping", shipment="S"),
        {"step": "payment", "shipment": "T", "note": "paid"},
        (*approved, ship, steps_signed),
    ),
    Sample(
        UndoStepSignature(id="A", step="shipping", shipment="S", reason="another"),
        {"step": "payment", "shipment": "T", "reason": "wrong"},
        (*approved, ship, steps_signed, SignOrderStep(id="A", step="shipping", shipment="S")),
    ),
]
here = {"location": "W", "item": "A"}
at_dealer = {"location": "B", "item": "A"}
stocked = ReceiveStock(**here, quantity=50, reference="O")
of_lot = {"item": "A", "lot": "L"}
due = {"expires_on": date(2026, 6, 1)}
old: dict[str, Any] = {"lot": "L", "expires_on": date(2026, 4, 1)}
lotted = tuple(
    ReceiveStock(**here, quantity=50, reference=lot, lot=lot, expires_on=date(2026, 4, 1))
    for lot in "LM"
)
transfer = TransferStock(
    transfer="T", from_location="W", to_location="V", item="A", quantity=8, to_holder="warehouse"
)
on_its_way = {"location": "V", "item": "A", "transfer": "T"}
sold = SellOut(**at_dealer, sale="S", quantity=4, amount=400, currency="CNY", member="A")
sent = *trading, stocked, transfer
held = ReserveStock(**here, order="X", quantity=2)
EARLIER, LATER = datetime(2026, 3, 2, 3, tzinfo=UTC), datetime(2026, 3, 2, 4, tzinfo=UTC)
moved = PostMovement(
    id="M",
    movement="purchase_receipt",
    location="W",
    lines=(MovementLine(item="A", quantity=3),),
    note="x",
)
looked_at: dict[str, Any] = {"reason": "return", "condition": "inspect"}
block = BlockStock(**here, quantity=5, reference="R")
boxes = {"unit": "box"}
packed: dict[str, Any] = {"says": {"unit": "packed nothing, not"}}
STOCK = [
    Sample(
        moved,
        {"movement": "production_receipt", "location": "V", "to_location": "V", "note": "y"}
        | {"customer": "A", "lines": (MovementLine(item="A", quantity=4),)},
        founded,
        says={"lines": "lines "},
    ),
    Sample(CancelMovement(id="M", reason="x"), {"reason": "y"}, (*founded, moved)),
    Sample(
        ReceiveStock(**here, quantity=5, **looked_at, reference="R", holder="warehouse", **old),
        {"quantity": 6, "reason": "found", "reference": "Q", "holder": "dealer"}
        | {"condition": "damaged", "unit_cost": 3}
        | {"lot": "M", "expires_on": date(2026, 5, 1), **boxes},
        add,
        says={**packed["says"], "unit_cost": "cost "},
    ),
    Sample(
        IssueStock(**here, quantity=5, reason="sample", reference="R", lot="L"),
        {"quantity": 6, "reason": "scrap", "reference": "Q", "lot": "M", **boxes},
        (*add, *lotted),
        **packed,
    ),
    Sample(
        AdjustStock(**here, quantity=-1, reason="broken", reference="R", lot="L"),
        {"quantity": -2, "reason": "stolen", "reference": "Q", "lot": "M", **boxes},
        (*add, *lotted),
        **packed,
    ),
    Sample(
        CountStock(**here, counted=9, counted_at=EARLIER, reference="R", holder="warehouse"),
        {"counted": 8, "counted_at": LATER, "reference": "Q", "holder": "dealer", "lot": "L"}
        | boxes,
        add,
        **packed,
    ),
    Sample(
        BlockStock(**here, quantity=5, reference="R", lot="L", note="x"),
        {"quantity": 6, "reference": "Q", "reason": "other", "lot": "M", "note": "y", **boxes},
        (*add, *lotted),
        **packed,
    ),
    Sample(
        UnblockStock(**here, reference="R", document="D", quantity=2, note="x"),
        {"reference": "Q", "document": "E", "quantity": 3, "note": "y", **boxes},
        (*add, stocked, block),
        **packed,
    ),
    Sample(
        ScrapBlockedStock(**here, reference="R", document="D", quantity=2, note="x"),
        {"reference": "Q", "document": "E", "quantity": 3, "note": "y", **boxes},
        (*add, stocked, block),
        **packed,
    ),
    Sample(
        held.model_copy(update={"lot": "L"}),
        {"order": "Y", "quantity": 3, "lot": "M", **boxes},
        (*add, *lotted),
        settles=frozenset({"unit"}),  # what the order holds already is not held again
    ),
    Sample(RegisterLot(**of_lot, **due), {"lot": "M", "expires_on": date(2026, 7, 1)}, founded),
    Sample(
        CorrectLotExpiry(**of_lot, expires_on=date(2026, 6, 1), reason="label"),
        {"lot": "M", "expires_on": None, "reason": "letter"},
        lotted,
    ),
    Sample(QuarantineLot(**of_lot, reason="check"), {"lot": "M", "reason": "recall"}, lotted),
    Sample(
        ReleaseLot(**of_lot, reason="good"),
        {"lot": "M", "reason": "better"},
        (*lotted, *(QuarantineLot(item="A", lot=lot, reason="check") for lot in "LM")),
    ),
    Sample(
        ReleaseStock(**here, order="X"),
        {"order": "Y"},
        (stocked, held, ReserveStock(**here, order="Y", quantity=1)),
    ),
    Sample(
        transfer.model_copy(update={"lot": "L"}),
        {"transfer": "U", "to_location": "U", "quantity": 9, "to_holder": "dealer", "lot": "M"}
        | boxes,
        (*add, *lotted),
        **packed,
    ),
    Sample(
        ReceiveTransfer(**on_its_way, quantity=3, lost=1, receipt="R"),
        {"transfer": "U", "quantity": 2, "lost": 2, "receipt": "Q", **boxes},
        sent,
        **packed,
    ),
    Sample(
        ReverseArrival(**on_its_way, receipt="R", reason="miscounted"),
        {"transfer": "U", "receipt": "Q", "reason": "x"},
        (*sent, ReceiveTransfer(**on_its_way, quantity=3, lost=1, receipt="R")),
    ),
    Sample(CancelTransfer(**on_its_way, reason="late"), {"transfer": "U", "reason": "x"}, sent),
    Sample(
        RedirectTransfer(**on_its_way, reason="late", to_location="U", to_holder="warehouse"),
        {"transfer": "U", "reason": "x", "to_location": "Z", "to_holder": "dealer"},
        sent,
    ),
    Sample(
        sold,
        {"sale": "T", "quantity": 5, "amount": 500, "currency": "USD", "member": "B", **boxes},
        trading,
        **packed,
    ),
    Sample(
        ReturnSellOut(**at_dealer, sale="S", return_id="R", quantity=1, amount=90),
        {"sale": "T", "return_id": "Q", "quantity": 2, "amount": 80, **boxes},
        (*trading, sold),
        **packed,
    ),
    Sample(
        UndoSellOutReturn(**at_dealer, sale="S", return_id="R", reason="another"),
        {"sale": "T", "return_id": "Q", "reason": "wrong"},
        (*trading, sold, ReturnSellOut(**at_dealer, sale="S", return_id="R", quantity=1)),
    ),
    Sample(
        ReverseMovement(**here, document="received", reference="O", reason="typo"),
        {"document": "issued", "reference": "Q", "reason": "x"},
        (stocked,),
    ),
    Sample(
        CorrectReceiptCost(**here, reference="O", cost=700, reason="typo"),
        {"reference": "Q", "cost": 800, "reason": "x"},
        (stocked,),
    ),
    Sample(
        CorrectHolder(**here, holder="dealer", reason="typo"),
        {"holder": "warehouse", "reason": "x"},
        (stocked,),
    ),
]
close = CloseStockPeriod(month="2026-01")
VALUATION = [
    Sample(close, {"month": "2026-02"}),
    Sample(
        ReopenStockPeriod(month="2026-01", reason="early"),
        {"month": "2025-12", "reason": "wrong"},
        (close,),
    ),
]
skip = SkipParked(id="A", parked="S", positions=(1,), reason="broken")
PLACES = [
    Sample(skip, {"parked": "T", "positions": (1, 2), "reason": "x"}),
    Sample(
        RestoreSkipped(id="A", skipped="S", positions=(1,), reason="mended"),
        {"skipped": "T", "positions": (1, 2), "reason": "x"},
        (skip,),
    ),
    Sample(
        CancelDeadline(id="A", purpose="p", subject="S", scheduled_by=1, reason="by hand"),
        {"purpose": "q", "subject": "T", "scheduled_by": 2, "reason": "x"},
    ),
]


def value(known: Any, number: int) -> Any:
    if known.choices:
        return known.choices[number]
    if known.mark.day:
        return f"2026-03-0{2 + number}"
    if known.name == "currency":
        return ("CNY", "USD")[number]
    return 3 + number if known.type is int else "PQ"[number]


def registered(kind: type[Plain]) -> Iterator[Command]:
    """Two things that others may name, in no tree; where a field must name one, they name P."""
    wanted = {name for name, field in kind.fields().items() if not field.optional}
    for each in "PQ":
        yield plain.verbs(kind).register(id=each, **dict.fromkeys(wanted, "P"))


def plain_samples(kind: type[Plain]) -> Iterator[Sample]:
    """Each field of a plain kind once with one value, once with another."""
    verbs = plain.verbs(kind)
    known = kind.fields()
    one = {name: value(each, 0) for name, each in known.items()}
    other = {name: value(each, 1) for name, each in known.items()}
    if "grants" in known:
        one["grants"], other["grants"] = "field:cost", "field:margin"
    if "amount_off" in known:  # or a share, and never both
        one["amount_off"], other["discount_bp"] = None, None
    named = {each.mark.names for each in known.values()} - {None}
    others = [each for each in MASTER_DATA if each.kind in named]
    above = [one for each in others for one in registered(each)]
    first = verbs.register(id="A", **one)
    close = verbs.close(id="A", reason="flood")
    yield Sample(first, other, tuple(above))
    yield Sample(verbs.change(id="A", **other), one, (*above, first))
    yield Sample(close, {"reason": "fire"}, (*above, first))
    yield Sample(verbs.reopen(id="A"), {}, (*above, first, close))
    yield Sample(verbs.withdraw(id="A", reason="twice"), {"reason": "wrong"}, (*above, first))


account = OpenAccount(id="A", person="A")
granted = GrantRole(id="A", role="clerk", own="owner")
SETTINGS = Sample(
    ChangeSettings(id="loyalty.earning", values={"points": 2}, reason="x"),
    {"values": {"points": 3}, "valid_from": NOON + timedelta(days=1), "reason": "y"},
)
scope = {"everything": True, "own": "team", "departments": ("P",), "regions": ("P",)}
structure = [
    *hire,
    *register,
    *(plain.verbs(kind).register(id="P", name="P") for kind in (Department, Region)),
]
RIGHTS = [
    SETTINGS,
    Sample(account, {"person": "B", "dealer": "B"}, (*hire, *register)),
    Sample(granted, {**scope, "role": "finance", "dealers": ("B",)}, (*structure, account)),
    Sample(
        RevokeRole(id="A", role="clerk", reason="x"),
        {"role": "finance", "reason": "y"},
        (*hire, account, granted),
    ),
    Sample(CloseAccount(id="A", reason="left"), {"reason": "ill"}, (*hire, account)),
    Sample(ReopenAccount(id="A"), {}, (*hire, account, CloseAccount(id="A", reason="x"))),
]
rule = {"name": "P", "level": "read", "with_person": "A", "in_region": "P"}
another_rule = {"name": "Q", "level": "work", "with_person": "B", "in_region": "Q"} | {
    "with_department": "P",
    "in_department": "P",
    "importance": "B",
    "customer_kind": "retailer",
    "in_pool": "R",
}
regions = [plain.verbs(Region).register(id=each, name=each) for each in "PQ"]
sharing = plain.verbs(SharingRule)
ruled = [*hire, *regions, sharing.register(id="A", **rule)]
stop = sharing.close(id="A", reason="x")
shared = ShareCustomer(customer="A", with_person="B", reason="ill")
pools = ChangeSettings(
    id="customers.pools",
    values={"pools": [{"name": "P", "periods": [{"follow_up_days": 30}]}]},
    reason="nobody waits",
)
release = ReleaseCustomer(id="A", reason="x")
sun = AddContact(id="A", contact="s", name="Sun")
talk = {"customer": "A", "interaction": "1"}
spoke = RecordInteraction(**talk, way="call", text="x")
answer = {"contact": "s", "way": "mail", "text": "y", "status": "settled", "solution": "z"}
settle_it = ChangeInteraction(**talk, **answer)
next_week = datetime(2026, 3, 9, tzinfo=UTC)
heard_otherwise = {"customer": "B", "interaction": "2", "contact": "s", "way": "visit"} | {
    "text": "w",
    "status": "open",
    "solution": "v",
}
share_with = {"customer": "B", "with_person": "A", "with_department": "P", "reason": "y"}
seats = [*regions, *registered(Department), *registered(Position)]
take = TakePosition(id="A", position="P")
plan = PlanAssignment(id="A", from_day=date(2999, 1, 1), department="P", reason="moves")
POSITIONS = [
    Sample(
        TakePosition(id="A", position="Q"),
        {"position": "P", "main": True},
        (*hire, *seats),
        settles=frozenset({"main"}),  # the first one is
    ),
    Sample(
        LeavePosition(id="A", position="P", reason="moved"),
        {"position": "Q", "reason": "ill"},
        (*hire, *seats, take),
    ),
    Sample(
        plan,
        {
            "from_day": date(2999, 2, 1),
            "department": "Q",
            "region": "Q",
            "position": "Q",
            "main": True,
            "gives_up": "P",
            "reason": "ill",
        },
        (*hire, *seats, take),
    ),
    Sample(
        CancelPlannedAssignment(id="A", from_day=date(2999, 1, 1), reason="stays"),
        {"from_day": date(2999, 2, 1), "reason": "y"},
        (*hire, *seats, plan),
    ),
]
SHARING = [
    Sample(ruled[-1], another_rule, (*hire, *regions)),
    Sample(
        sharing.change(id="A", name="R", level="work"),
        {**another_rule, "level": "read"},
        tuple(ruled),
    ),
    Sample(stop, {"reason": "y"}, tuple(ruled)),
    Sample(sharing.reopen(id="A"), {}, (*ruled, stop)),
    Sample(sharing.withdraw(id="A", reason="x"), {"reason": "y"}, tuple(ruled)),
    Sample(
        shared, {**share_with, "level": "work", "until": datetime(2027, 1, 1, tzinfo=UTC)}, founded
    ),
    Sample(
        UnshareCustomer(customer="A", with_person="B", reason="x"), share_with, (*founded, shared)
    ),
    Sample(RateCustomer(id="A", importance="A"), {"importance": "B"}, founded),
    Sample(
        PlacePartner(id="A", partner_type="dealer"),
        {"partner_type": "agent", "parent": "B"},
        (*founded, PlacePartner(id="B", partner_type="dealer")),
    ),
    Sample(release, {"reason": "y"}, (*founded, pools)),
    Sample(ClaimCustomer(id="A", owner="B"), {"owner": "A"}, (*founded, pools, release)),
    Sample(ReviewPoolDeadline(id="A"), {}, (*founded, pools)),
    Sample(
        spoke,
        heard_otherwise | {"owner": "B", "next_contact": next_week, "status": "settled"},
        (*founded, sun),
    ),
    Sample(settle_it, heard_otherwise | {"contact": None}, (*founded, sun, spoke)),
]
photo, contract = "ab" * 32, "cd" * 32
attach = AttachFile(kind="customer", id="A", file=photo, file_name="a.png", note="x")
other_photo = {"file": contract, "kind": "product"}
uploaded = tuple(
    NoteUpload(id=one, media_type="image/png", size=1, account="li", copy_number=1)
    for one in (photo, contract)
)
FILES = [
    Sample(
        attach,
        {**other_photo, "file_name": "b.png", "note": "y"},
        (*hire, *register, *uploaded),
    ),
    Sample(
        DetachFile(kind="customer", id="A", file=photo, reason="x"),
        {**other_photo, "reason": "y"},
        (*hire, *register, *uploaded, attach),
    ),
]
asked = ConfirmationRequested(
    command="freeze-customer",
    content={"id": "A", "reason": "unpaid"},
    of_person="",
    digest="",
    maker="mei",
    person=None,
    thing=ThingRef("customer", "A"),
    mentioned=(),
    version=None,
    dimensions={},
    expires_at=NOON + timedelta(days=14),
)
waits = KeepRequest(id="A", requested=replace(asked, digest=asked.computed_digest()))
own = KeepRequest(id="A", requested=replace(asked, maker="tester"))
REQUESTS = [
    Sample(ConfirmRequest(id="A"), {}, (*hire, *register, waits)),
    Sample(DeclineRequest(id="A", reason="x"), {"reason": "y"}, (*hire, *register, waits)),
    Sample(WithdrawRequest(id="A", reason="x"), {"reason": "y"}, (*hire, *register, own)),
]
hours = {"quiet_from": 22, "quiet_until": 7, "digest_at": 8}
how = {"where": "amount.gte=1", "destination": "D", **hours, "zone": "UTC", "language": "en"}
follow = Subscribe(id="A", name="order-refused", **how)
other_hours = {"quiet_from": 23, "quiet_until": 6, "digest_at": 9}
other_way = {
    "events": ("OrderRejected",),
    "own": True,
    "where": "amount.gte=2",
    "destination": "E",
    **other_hours,
    "zone": "Asia/Tokyo",
    "language": "zh-CN",
}
NOTICES = [
    Sample(follow, {"name": "customer-handed-over", **other_way}, (*hire, account)),
    Sample(
        ChangeSubscription(id="A", name="order-refused", **{**other_way, "own": False}),
        {"name": "x", **how, "events": ("OrderShipped",), "own": True},
        (*hire, account, follow),
    ),
    Sample(Unsubscribe(id="A", name="order-refused"), {"name": "x"}, (*hire, account)),
]
MASTER_DATA = [kind for context in CONTEXTS for kind in context.plain if kind is not SharingRule]
PLAIN = [sample for kind in MASTER_DATA for sample in plain_samples(kind)]
BY_LI = {
    "name": "all",
    "document": "order",
    "steps": [{"signers": [{"account": "li"}]}] * 2,
}
routes = ChangeSettings(id="approvals.routes", values={"routes": [BY_LI]}, reason="four eyes")
led = *trading, draft, routes, submit
asked_of_li = {"id": "order:A:1", "step": 1}
away_for_a_day = AnnounceAbsence(
    id="tester", stand_in="li", since=NOON, until=NOON + timedelta(days=1), reason="leave"
)
APPROVALS = [
    Sample(
        SignApproval(**asked_of_li, comment="fair"),
        {"step": 2, "content": "x", "comment": "dear", "in_place_of": "wu"},
        led,
        asked_by="li",
    ),
    Sample(
        RefuseApproval(**asked_of_li, reason="cheap"),
        {"step": 2, "reason": "dear", "in_place_of": "wu"},
        led,
        settles=frozenset({"step"}),  # refused is the document
        asked_by="li",
    ),
    Sample(
        away_for_a_day,
        {"stand_in": "wu", "since": NOON + timedelta(hours=1), "until": NOON + timedelta(days=2)}
        | {"reason": "ill"},
    ),
    Sample(
        RequestAdjustment(id="J", **here, quantity=3, reason="found"),
        {"quantity": 2, "reason": "broken", **boxes},
        (*founded, stocked),
        **packed,
    ),
    Sample(
        MakeAdjustment(id="J"),
        {},
        (*founded, stocked, RequestAdjustment(id="J", **here, quantity=3, reason="found")),
    ),
    Sample(EndAbsence(id="tester"), {}, (away_for_a_day,)),
    Sample(CommentApproval(id="order:A:1", comment="fair"), {"comment": "dear"}, led),
    Sample(WithdrawApproval(id="order:A:1", reason="late"), {"reason": "dear"}, led),
    Sample(
        ReassignApproval(**asked_of_li, instead_of="account:li", signer="wu", reason="left"),
        {"step": 2, "instead_of": "account:x", "signer": "zhou", "reason": "away"},
        led,
    ),
]
price_list = [
    plain.verbs(PriceList).register(id=each, name=each, currency="CNY", priority=1) for each in "PQ"
]
product = AddProduct(id="A", name="A", category="x", unit="box", list_price=9, currency="CNY")
priced = {"price_list": "P", "product": "A", "valid_from": date(2026, 4, 1)}
other_price = {"price_list": "Q", "product": "B", "valid_from": date(2026, 4, 2)}
pay = SetListPrice(**priced, breaks=(PriceBreak(unit_price=9),))
PRICES = [
    Sample(
        pay,
        {
            **other_price,
            "breaks": (PriceBreak(unit_price=8),),
            "unit": "case",
            "currency": "USD",
            "floor": 5,
        },
        (*price_list, product),
        settles=frozenset({"valid_from"}),  # from an earlier day on, it counts then as well
    ),
    Sample(
        RemoveListPrice(**priced),
        other_price,
        (*price_list, product, pay),
        settles=frozenset({"valid_from"}),  # what has gone has gone on later days, too
    ),
]
whole_bill = IssueInvoice(id="A", order="A", shipment="S")
invoiced = *approved, ship, whole_bill
broken = ReturnOrder(id="A", return_id="R", lines=one_of_it, reason="broken")
paid = ReceivePayment(id="A", customer="A", amount=9, currency="CNY", way="cheque", reference="N1")
settles = AllocateReceipt(id="A", allocation="X")
spring = {"valid_from": date(2026, 3, 1), "valid_until": date(2026, 5, 31)}
summer = {"valid_from": date(2026, 4, 1), "valid_until": date(2026, 8, 31)}
RECEIVABLES = [
    Sample(whole_bill, {"order": "B", "shipment": "T"}, (*approved, ship)),
    Sample(
        WriteOffInvoice(id="A", write_off="W", amount=5, reason="bankrupt"),
        {"write_off": "V", "amount": 6, "reason": "moved"},
        invoiced,
    ),
    Sample(
        UndoWriteOff(id="A", write_off="W", reason="paid after all"),
        {"write_off": "V", "reason": "moved"},
        (*invoiced, WriteOffInvoice(id="A", write_off="W", amount=5, reason="bankrupt")),
    ),
    Sample(
        IssueCreditNote(id="A", order="A", return_id="R"),
        {"order": "B", "return_id": "Q", "loss": "L"},
        (*invoiced, broken),
    ),
    Sample(
        CancelCreditNote(id="A", reason="another's"),
        {"reason": "wrong"},
        (*invoiced, broken, IssueCreditNote(id="A", order="A", return_id="R")),
    ),
    Sample(
        paid,
        {"customer": "B", "amount": 10, "currency": "USD", "way": "draft", "reference": "N2"},
        invoiced,
    ),
    Sample(
        AllocateReceipt(id="A", allocation="X", invoice="A", amount=5),
        {"allocation": "Y", "invoice": None, "amount": 6},
        (*invoiced, paid),
    ),
    Sample(
        UndoAllocation(id="A", allocation="X", reason="wrong"),
        {"allocation": "Y", "reason": "right"},
        (*invoiced, paid, settles),
    ),
    Sample(
        RefundReceipt(id="A", refund="F", amount=5, reason="too much"),
        {"refund": "G", "amount": 6, "reason": "moved"},
        (*invoiced, paid),
    ),
    Sample(
        UndoRefund(id="A", refund="F", reason="another's"),
        {"refund": "G", "reason": "moved"},
        (*invoiced, paid, RefundReceipt(id="A", refund="F", amount=5, reason="too much")),
    ),
    Sample(BounceReceipt(id="A", reason="empty"), {"reason": "forged"}, (*invoiced, paid, settles)),
    Sample(
        SetCreditLimit(id="A", currency="CNY", limit=900, **spring, reason="a good year"),
        {"currency": "USD", "limit": 901, **summer, "reason": "a better one"},
        founded,
    ),
    Sample(HoldCredit(id="A", reason="late"), {"reason": "bankrupt"}, founded),
    Sample(
        ReleaseCreditHold(id="A", reason="paid"),
        {"reason": "agreed"},
        (*founded, HoldCredit(id="A", reason="late")),
    ),
    Sample(AgreePaymentTerms(id="A", due_days=14), {"due_days": 15}, founded),
]
offered = {"customer": "A", "warehouse": "W", "valid_until": date(2026, 4, 1)}
quote = DraftQuotation(id="A", **offered, lines=(Line(item="A", quantity=1),))
quoting = (*hire, *register, product)
sent = (*quoting, quote, SendQuotation(id="A"))
accepted = (*sent, AcceptQuotation(id="A", revision=1))
said = WriteReview(id="A", rep="A", period="2026", rating="meets", comment="Good")
aim = SetTarget(id="A", metric="amount", period="2026", amount=9, currency="CNY")
TARGETS = [
    Sample(
        aim,
        {"metric": "quantity", "period": "2026-Q1", "amount": 8, "number": 8, "currency": "USD"}
        | {"rep": "A", "product": "A", **place},
        hire,
        says={"amount": "value 9, not 8"},
    ),
    Sample(
        ChangeTarget(id="A", amount=7, reason="late"),
        {"amount": 6, "number": 7, "reason": "early"},
        (aim,),
    ),
    Sample(WithdrawTarget(id="A", reason="twice"), {"reason": "wrong"}, (aim,)),
    Sample(
        said,
        {"rep": "B", "period": "2027", "rating": "below", "comment": "Bad", "figures_as_of": 7},
        hire,
    ),
    Sample(
        ReviseReview(id="A", rating="exceeds"),
        {"rating": "below", "comment": "Bad", "figures_as_of": 7},
        (*hire, said),
    ),
    Sample(SignReview(id="A", answer="Yes"), {"answer": "No"}, (*hire, said)),
    Sample(
        BreakDownTarget(id="A", by="quarter"),
        {"by": "month", "parts": (Part(of="2026-Q1"),)},
        (aim,),
    ),
]
QUOTATIONS = [
    Sample(
        quote,
        {
            "customer": "B",
            "warehouse": "V",
            "valid_until": date(2026, 4, 2),
            "lines": (Line(item="A", quantity=2),),
            "currency": "USD",
            "rep": "B",
            "opportunity": "O",
            "note": "x",
        },
        quoting,
        says={"lines": "quantity of line 1 1, not 2"},
    ),
    Sample(
        ReviseQuotation(id="A", lines=(Line(item="A", quantity=2),)),
        {
            "lines": (Line(item="A", quantity=3),),
            "from_revision": 1,
            "valid_until": date(2026, 4, 2),
            "note": "x",
        },
        (*quoting, quote),
        settles=frozenset({"from_revision", "valid_until", "note"}),
    ),
    Sample(SendQuotation(id="A"), {"content": "x"}, (*quoting, quote)),
    Sample(AcceptQuotation(id="A", revision=1), {"revision": 2, "reference": "PO-7"}, sent),
    Sample(
        RefuseQuotation(id="A", revision=1, reason="dear"), {"revision": 2, "reason": "late"}, sent
    ),
    Sample(CancelQuotation(id="A", reason="twice"), {"reason": "gone"}, (*quoting, quote)),
    Sample(OrderQuotation(id="A", revision=1, order="A"), {"revision": 2, "order": "B"}, accepted),
]
complaint = FileClaim(
    id="A", order="A", shipment="S", line=1, quantity=1, fault="damaged", reason="wet"
)
CLAIMS = [
    Sample(
        complaint,
        {
            "order": "B",
            "shipment": "T",
            "line": 2,
            "quantity": 2,
            "fault": "late",
            "reason": "dry",
        },
        (*approved, ship),
    ),
    Sample(
        AcceptClaim(id="A", remedy="return"),
        {"remedy": "credit", "condition": "damaged"},
        (*approved, ship, complaint),
    ),
    Sample(RejectClaim(id="A", reason="dry"), {"reason": "late"}, (*approved, ship, complaint)),
]
agree = DraftContract(id="A", **offered, lines=(Line(item="A", quantity=9),))
agreed = *quoting, agree, SubmitContract(id="A")
CONTRACTS = [
    Sample(
        MakeContract(id="A", revision=1, valid_until=date(2026, 5, 1), contract="A"),
        {
            "revision": 2,
            "valid_from": date(2026, 4, 2),
            "valid_until": date(2026, 5, 2),
            "contract": "B",
        },
        accepted,
    ),
    Sample(
        agree,
        {
            "customer": "B",
            "warehouse": "V",
            "valid_from": date(2026, 3, 5),
            "valid_until": date(2026, 4, 2),
            "lines": (Line(item="A", quantity=2),),
            "currency": "USD",
            "rep": "B",
            "opportunity": "O",
            "note": "x",
        },
        quoting,
        says={"lines": "quantity of line 1 9, not 2"},
    ),
    Sample(
        ReviseContract(id="A", lines=(Line(item="A", quantity=2),)),
        {
            "lines": (Line(item="A", quantity=3),),
            "valid_from": date(2026, 3, 5),
            "valid_until": date(2026, 4, 2),
            "note": "x",
        },
        (*quoting, agree),
        settles=frozenset({"valid_from", "valid_until", "note"}),
    ),
    Sample(SubmitContract(id="A"), {}, (*quoting, agree)),
    Sample(SignContract(id="A"), {"reference": "PO-7"}, agreed),
    Sample(CancelContract(id="A", reason="twice"), {"reason": "gone"}, agreed),
    Sample(
        TerminateContract(id="A", reason="unpaid"),
        {"reason": "gone"},
        (*agreed, SignContract(id="A")),
    ),
    Sample(
        OrderContract(id="A", order="A", lines=one_of_it),
        {"order": "B", "lines": (LinePart(line=1, quantity=2),)},
        (*agreed, SignContract(id="A")),
        says={"lines": "quantity of line 1 1, not 2"},
    ),
]
lead = CaptureLead(id="A", title="Tea", source="call", company="Shop", owner="A")
about_lead = {
    "title": "Cups",
    "source": "visit",
    "campaign": "spring",
    "appointment": "A",
    "need": "many",
    "company": "Inn",
    "contact_name": "Zhao",
    "phone": "1",
    "email": "a@b",
    "address": "1 High Street",
    "tax_id": "T1",
    "customer": "A",
    "products": ("A",),
    "amount": 5,
    "currency": "CNY",
}
captured = (*founded, tour, lead)
lone = lead.model_copy(update={"company": "Lone"})
same_lead = lead.model_copy(update={"id": "B", "owner": "B"})
LEADS = [
    Sample(lead, {**about_lead, **place, "owner": "B"}, (*founded, tour)),
    Sample(ChangeLeadDetails(id="A", title="Pots"), about_lead, captured),
    Sample(AssignLead(id="A", owner="B"), {"owner": "A", "reason": "near"}, captured),
    Sample(QualifyLead(id="A", comment="big"), {"comment": "small"}, captured),
    Sample(
        NurtureLead(id="A", until=date(2026, 4, 1), reason="later"),
        {"until": date(2026, 5, 1), "reason": "next year"},
        captured,
    ),
    Sample(
        DisqualifyLead(id="A", reason="no_need", detail="has some"),
        {"reason": "no_budget", "detail": "has none"},
        captured,
    ),
    Sample(
        ResumeLead(id="A", reason="they rang"),
        {"reason": "we rang"},
        (*captured, DisqualifyLead(id="A", reason="no_need")),
    ),
    Sample(FindCollisions(id="A"), {}, (*captured, same_lead)),
    Sample(
        RuleCollision(lead="A", other="A", ruling="separate", reason="two shops"),
        {"lead": "B", "other_kind": "lead", "other": "B", "ruling": "keeps", "reason": "one"},
        (*captured, FindCollisions(id="A")),
    ),
    Sample(
        ConvertLead(id="A", customer="A", amount=5, currency="CNY"),
        {"customer": "B", "contact": "P", "opportunity": "A"}
        | {"customer_kind": "dealer", "name": "Inn", "title": "Cups", "amount": 6}
        | {"currency": "USD"},
        (*founded, deal, lone, QualifyLead(id="A")),
        settles=frozenset({"customer_kind", "name"}),  # the customer is there already
    ),
]
first_half = {"valid_from": date(2026, 1, 1), "valid_until": date(2026, 6, 30)}
agree = DraftAgreement(dealer="A", agreement="P", **first_half)
more_terms = {
    "regions": ("east",),
    "products": ("A",),
    "price_list": "P",
    "target_amount": 9,
    "target_quantity": 9,
    "currency": "CNY",
    "valid_from": date(2026, 2, 1),
    "valid_until": date(2026, 7, 31),
    "renews": "Q",
    "note": "n",
    "measured_by": "sell_out",
}
another_agreement = {"dealer": "B", "agreement": "R"}
before_it = DraftAgreement(dealer="A", agreement="Q", **first_half)
agreed = *founded, *price_list, before_it, agree
sign = SignAgreement(dealer="A", agreement="P", signed_by="Zhao", signed_on=date(2026, 1, 2))
end = EndAgreement(dealer="A", agreement="P", last_day=date(2026, 3, 1), reason="late")
outlets = [plain.verbs(Outlet).register(id=each, name=each, dealer="A") for each in "PQ"]
gone_to = (FlowPart(outlet="P", item="A", quantity=3, amount=9),)
gone_else = (FlowPart(outlet="Q", item="A", quantity=2, amount=6),)
flowed = ReportGoodsFlow(dealer="A", report="R", lines=gone_to)
flowing = *founded, *outlets
corrected_flow = CorrectGoodsFlow(dealer="A", report="R", lines=gone_else, reason="typo")
three_there, two_there = ((StockLine(item="A", quantity=n),) for n in (3, 2))
reported = ReportDealerStock(dealer="A", report="R", lines=three_there)
its_report = {"dealer": "A", "report": "R"}
another_report = {"dealer": "B", "report": "Q"}
in_january = {"dealer": "A", "statement": "CNY-2026-01"}
in_february = {"dealer": "B", "statement": "CNY-2026-02"}
entered = EnterStatementLine(
    **in_january,
    line="invoice-V:1",
    entry="invoiced",
    document="V",
    day=date(2026, 1, 5),
    currency="CNY",
    amount=9,
)
send_month = SendStatement(**in_january)
disputing = DisputeStatementLine(**in_january, line="invoice-V:1", reason="never came")
CHANNEL = [
    Sample(
        entered,
        {
            **in_february,
            "line": "invoice-W:1",
            "entry": "paid",
            "document": "W",
            "day": date(2026, 1, 6),
            "currency": "USD",
            "quantity": 1,
            "goods": 1,
            "amount": 8,
        },
        settles=frozenset(
            {"statement", "entry", "document", "day", "currency", "quantity", "goods", "amount"}
        ),
    ),
    Sample(send_month, in_february, (entered,)),
    Sample(ConfirmStatement(**in_january), in_february, (entered, send_month)),
    Sample(
        disputing,
        in_february | {"line": "invoice-W:1", "reason": "broken"},
        (entered, send_month),
    ),
    Sample(
        SettleStatementLine(**in_january, line="invoice-V:1", outcome="credited"),
        in_february | {"line": "x", "outcome": "right"},
        (entered, send_month, disputing),
    ),
    Sample(
        flowed,
        {"dealer": "B", "report": "S", "lines": gone_else, "currency": "USD"},
        flowing,
        says={"lines": "lines"},
    ),
    Sample(
        reported,
        {**another_report, "lines": two_there},
        founded,
        says={"lines": "3 A, not 2 A"},
    ),
    Sample(
        CorrectStockReport(**its_report, lines=two_there, reason="typo"),
        {**another_report, "lines": (StockLine(item="A", quantity=1),), "reason": "x"},
        (*founded, reported),
    ),
    Sample(
        ExplainStockVariance(**its_report, item="A", variance_reason="lost", note="x"),
        {**another_report, "variance_reason": "damaged", "note": "y"},
        (*founded, reported),
    ),
    Sample(
        AcceptStockReport(**its_report, variance_reason="lost"),
        {**another_report, "variance_reason": "damaged"},
        (*founded, reported),
    ),
    Sample(
        RejectStockReport(**its_report, reason="late"),
        {**another_report, "reason": "x"},
        (*founded, reported),
    ),
    Sample(
        corrected_flow,
        {"dealer": "B", "report": "S", "lines": gone_to, "reason": "x"},
        (*flowing, flowed),
    ),
    Sample(
        agree.model_copy(update={"target_amount": 8, "currency": "USD"}),
        {"dealer": "B", "agreement": "R", **more_terms},
        (*founded, *price_list, before_it),
    ),
    Sample(
        ChangeAgreement(dealer="A", agreement="P", target_amount=8, currency="USD", **first_half),
        {**another_agreement, **more_terms},
        agreed,
    ),
    Sample(
        sign,
        {"agreement": "Q", "dealer": "B", "signed_by": "Qian", "signed_on": date(2026, 1, 3)},
        agreed,
    ),
    Sample(RemindOfAgreement(dealer="A", agreement="P"), another_agreement, (*agreed, sign)),
    Sample(end, another_agreement | {"last_day": date(2026, 3, 2), "reason": "x"}, (*agreed, sign)),
]
SAMPLES = [
    *MASTERS,
    *LEADS,
    *APPROVALS,
    *OPPORTUNITIES,
    *TASKS,
    *APPOINTMENTS,
    *MEMBERS,
    *ORDERS,
    *PRICES,
    *RECEIVABLES,
    *QUOTATIONS,
    *CONTRACTS,
    *CLAIMS,
    *TARGETS,
    *STOCK,
    *VALUATION,
    *PLACES,
    *CHANNEL,
    *RIGHTS,
    *SHARING,
    *POSITIONS,
    *FILES,
    *REQUESTS,
    *NOTICES,
    *PLAIN,
]
"""Each area has its own: every command that may be asked is among them."""
CHANGED = [(sample, name) for sample in SAMPLES for name in sample.others]


def slug(sample: Any) -> str:
    return sample.command.slug() if isinstance(sample, Sample) else str(sample)


def done(sample: Sample) -> World:
    """A world in which what the sample tells of was done once."""
    world = World()
    world.ask(*sample.before)
    world.acting(sample.asked_by).ask(sample.command)
    return world


@pytest.mark.parametrize("sample", SAMPLES, ids=slug)
def test_the_same_again_changes_nothing(sample: Sample) -> None:
    assert done(sample).ask(sample.command) == ()


@pytest.mark.parametrize(("sample", "name"), CHANGED, ids=slug)
def test_another_content_happens_or_is_refused_and_the_difference_is_named(
    sample: Sample, name: str
) -> None:
    world, before = done(sample), getattr(sample.command, name)
    asked = sample.command.model_copy(update={name: sample.others[name]})
    assert before != sample.others[name]
    try:
        happened = world.ask(asked)
    except ReferenceTaken as refused:
        said = str(refused)
        if name in sample.says:
            assert sample.says[name] in said
            return
        assert name in said
        for value in (before, sample.others[name]):
            assert told(value) in said or f"another {name}" in said
    except Refused:  # another rule says no
        return
    else:
        assert happened or name in sample.settles, f"another {name} was dropped"


def told(value: Any) -> str:
    """How a refusal shows a value; what was left open may have come from anywhere."""
    if isinstance(value, datetime):
        return calendar.format_instant(value)
    if isinstance(value, tuple):
        return ", ".join(map(told, value)) or "nothing"
    return "" if value is None else str(value)


def test_every_command_has_a_sample_with_another_value_for_each_field() -> None:
    fields = {sample.command.slug(): set(sample.others) for sample in SAMPLES}
    every = Command.known
    named = {"contact", "location", "from_location", "item"}
    assert fields.keys() >= every.keys()
    wanting = {
        slug: kind.model_fields.keys() - UNSAID - fields[slug] - named
        for slug, kind in every.items()
    }
    assert {slug: names for slug, names in wanting.items() if names} == {}


def test_personal_values_are_named_without_being_told() -> None:
    assert PERSONAL
    sample = next(each for each in MASTERS if isinstance(each.command, AddContact))
    with pytest.raises(ReferenceTaken) as refused:
        done(sample).ask(sample.command.model_copy(update={"phone": "13900000000"}))
    assert "13900000000" not in str(refused.value) + refused.value.zh
