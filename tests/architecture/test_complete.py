"""Nothing is left out: every event is heard or known not to be, every command is told of."""

import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterator
from typing import Any

from company import changes
from golden import events, example, kinds

import commands
from aggregates import Aggregate
from aggregates.channel.partner import Partner
from aggregates.customers.caseload import Caseload
from aggregates.customers.customer_key import CustomerKey
from aggregates.fieldwork.agenda import Agenda
from aggregates.inventory.recount import Recount
from aggregates.leads.desk import LeadDesk
from aggregates.operations.register import Register
from aggregates.organisation.series import NumberSeries
from aggregates.targets.target_key import TargetKey
from commands import Command
from projections.engine import View
from services.bootstrap import AGGREGATES, CONTEXTS, VIEWS

UNHEARD = {
    # Masters: what they say is stamped on the events that figures are made of.
    "CustomerDetailsChanged",
    "CustomerReassigned",
    "CustomerReclassified",
    "CustomerRated",
    "PartnerPlaced",
    # A lot is looked up; what of it lies where is told by LotsMoved, what is on its way as well.
    "LotRegistered",
    "LotExpiryCorrected",
    "LotQuarantined",
    "LotReleased",
    "LotsExpected",
    # What is agreed is looked up; what is sold is counted by the orders.
    "AgreementDrafted",
    "AgreementChanged",
    "AgreementSigned",
    "AgreementRenewalDue",
    "AgreementEnded",
    "AgreementEntered",
    # What a statement says is counted by the orders, invoices and payments it tells of.
    "StatementLineEntered",
    "StatementOpened",
    "StatementSent",
    "StatementLineDisputed",
    "StatementLineSettled",
    "StatementConfirmed",
    "MonthOpened",
    "MonthClosed",
    # What is reported is looked up beside the book; what of it is accepted is booked by a count.
    "StockReported",
    "StockVarianceExplained",
    "StockReportAccepted",
    "StockReportRejected",
    # What is counted again is booked by the count that decides.
    "RecountAsked",
    "RecountDecided",
    "DepositRefused",
    "MemberTierSet",
    "CustomerProfileChanged",
    "CustomerMerged",
    "CustomerUnmerged",
    "CustomerKeyTaken",
    "TargetKeyTaken",
    "HandoverMade",
    "HandoverUndone",
    "ContactAdded",
    "ContactChanged",
    "ContactRemoved",
    "ContactMoved",
    "PoolDeadlineSet",
    "PoolDeadlineReminded",
    "CustomerPooled",
    "CustomerClaimed",
    "ClaimRefused",
    "CustomerFrozen",
    "CustomerUnfrozen",
    "ProductAdded",
    "ProductDetailsChanged",
    "ProductRepriced",
    "ProductDiscontinued",
    "ProductResumed",
    "RepHired",
    "RepDetailsChanged",
    "RepReturned",
    "RepWithdrawn",
    "CustomerWithdrawn",
    "ProductWithdrawn",
    "MemberWithdrawn",
    "RepMoved",
    "RepLeft",
    # Who may do what changes no figure.
    "AccountOpened",
    "AccountClosed",
    "AccountReopened",
    "RoleGranted",
    "RoleRevoked",
    "CustomerShared",
    "ShareEnded",
    "ShareListed",
    "ShareDelisted",
    "PositionTaken",
    "PositionLeft",
    "AssignmentPlanned",
    "PlannedAssignmentCancelled",
    "AssignmentBegan",
    "AssignmentLapsed",
    "MemberEnrolled",
    "MemberDetailsChanged",
    # An order sells when it ships; until then it changes stock alone.
    "OrderDrafted",
    "OrderRedrafted",
    "OrderSubmitted",
    "OrderApproved",
    "OrderReservationLapsed",
    "OrderSplit",
    "OrderApprovalRefused",
    "OrderRejected",
    "OrderCancelled",
    # What a price was is stamped on the lines that it was for.
    "ListPriceSet",
    "ListPriceRemoved",
    # What is open is told by the invoice's own events; these say where else it is kept.
    "OrderInvoiced",
    "OrderReturnCredited",
    "OrderCreditUndone",
    # How far an order is stands in its progress and in its shipments; what moves is stock.
    "OrderExchanged",
    "OrderStepSigned",
    "OrderSignatureUndone",
    "OrderPicked",
    "OrderClaimed",
    "OrderClaimSettled",
    "ClaimFiled",
    "ClaimAccepted",
    "ClaimReopened",
    "ClaimRejected",
    "ShipmentPickCancelled",
    "ShipmentPicked",
    "ShipmentDispatched",
    "ShipmentTrackingCorrected",
    "ShipmentDelivered",
    "ShipmentDeliveryUndone",
    "CreditNoteIssued",
    "CreditNoteCancelled",
    "OpenAmountChanged",
    "PaymentTermsAgreed",
    "PaymentReferenceUsed",
    # They say whose references are looked at; the customers' own events tell of the merge.
    "AccountJoined",
    "AccountParted",
    # A quotation sells nothing until it is ordered.
    "QuotationDrafted",
    "QuotationRevised",
    "QuotationSubmitted",
    "QuotationSentBack",
    "QuotationSent",
    "QuotationAccepted",
    "QuotationRefused",
    "QuotationExpired",
    "QuotationCancelled",
    "QuotationOrdered",
    "QuotationContracted",
    # Nor does a contract: what is ordered on it does.
    "ContractDrafted",
    "ContractRevised",
    "ContractSubmitted",
    "ContractSentBack",
    "ContractSigned",
    "ContractOrdered",
    "ContractFreed",
    "ContractOrderDivided",
    "ContractEnded",
    "ContractCancelled",
    "ContractTerminated",
    "CreditLimitSet",
    "CreditHeld",
    "CreditHoldReleased",
    "OrderCreditRefused",
    # Dates, refusals and what points become change no figure that is ranked.
    "OpportunityRescheduled",
    "OpportunityDetailsChanged",
    "OpportunityDocumentAdded",
    # What a deal goes through is stamped when it is opened; lists serve the handover alone.
    "PipelineDefined",
    "StageTaskCompleted",
    "StageTaskReopened",
    # What is to be reached is a record, which figures are read beside.
    "TargetSet",
    "TargetChanged",
    "TargetWithdrawn",
    "TargetBrokenDown",
    "TargetPartChanged",
    "ReviewWritten",
    "ReviewRevised",
    "ReviewSigned",
    "OpportunityListed",
    "OpportunityDelisted",
    "InteractionRecorded",
    "InteractionChanged",
    "CaseloadCounted",
    "CaseTaken",
    "CaseGivenUp",
    "RedemptionRefused",
    # What waits for whom is a record; what was approved is told by the document's own events.
    "ApprovalRequested",
    "ApprovalStepOpened",
    "ApprovalSigned",
    "ApprovalCompleted",
    "ApprovalReassigned",
    "ApprovalRefused",
    "ApprovalCommented",
    "ApprovalWithdrawn",
    "ApprovalVoided",
    "ApprovalReminded",
    "ApprovalEscalated",
    # By how much goods are short follows from what is there and what is promised.
    "StockFellShort",
    # What is adjusted is told by the stock's own event.
    "MovementPosted",
    "MovementCancelled",
    "AdjustmentRequested",
    "AdjustmentMade",
    "AdjustmentRefused",
    "AdjustmentWithdrawn",
    "AdjustmentReversed",
    "AbsenceAnnounced",
    "AbsenceEnded",
    "StandInNamed",
    "StandInReleased",
    # Who stands in line is the process's own affair.
    "BacklogJoined",
    "BacklogLeft",
    "BacklogPaused",
    # What a task is about, and how far it is, changes no count of tasks.
    "TaskDetailsChanged",
    "TaskProgressReported",
    "TaskItemTicked",
    "TaskReminded",
    # Appointments are listed, not counted; agendas follow them.
    "AppointmentPlanned",
    "AppointmentDetailsChanged",
    "AppointmentParticipantsChanged",
    "AppointmentMoved",
    "AppointmentReassigned",
    "AppointmentHeld",
    "AppointmentCancelled",
    "AppointmentReminded",
    "AgendaEntered",
    "AgendaLeft",
    # Leads are listed; the desk counts whose they are.
    "LeadCaptured",
    "LeadDetailsChanged",
    "LeadAssigned",
    "LeadLeftWaiting",
    "LeadQualified",
    "LeadNurtured",
    "LeadResumed",
    "LeadDisqualified",
    "LeadConverted",
    "LeadConversionHeld",
    "LeadTakenOn",
    "LeadLetGo",
    "CollisionFound",
    "CollisionRuled",
    # Master data is looked up when it is named.
    *(event.__name__ for context in CONTEXTS for kind in context.plain for event in kind.events),
    "IdRegistered",
    "IdWithdrawn",
    # By which settings something was decided stands on its event.
    "SettingsChanged",
    # What waits for a second person changes figures by the command that it asks for.
    "ConfirmationRequested",
    "RequestConfirmed",
    "RequestDeclined",
    "RequestWithdrawn",
    "RequestExpired",
    # A number is the id of what it was drawn for.
    "NumberDrawn",
    # Who may see a file is looked up in the log, where what it hangs on is.
    "FileUploaded",
    "FileDiscarded",
    "FileAttached",
    "FileDetached",
    # That a date was taken all the same changes no figure.
    "DateFlagged",
    # What a view leaves out is read from the log when the view is settled or made anew.
    "StreamSkipped",
    "StreamRestored",
    # What people are told of changes no figure.
    "Subscribed",
    "SubscriptionChanged",
    "Unsubscribed",
    # What a process is not to ask is read by the process itself.
    "DeadlineCancelled",
}


def test_every_event_is_heard_by_a_view_or_known_not_to_be() -> None:
    """A new event must be shown somewhere, or be listed here with the reason."""
    unheard = {name for name in events() if not heard(name)}
    assert unheard == UNHEARD


def heard(name: str) -> bool:
    return any(told(view, name) for view in VIEWS)


def told(view: View, name: str) -> list[Any]:
    return changes(view, kinds()[name].stream("a:b"), example(events()[name]))


def test_a_view_listens_to_no_kind_for_nothing() -> None:
    for view in VIEWS:
        assert {kinds()[name].kind for name in events() if told(view, name)} == view.kinds


def test_the_platform_knows_every_aggregate() -> None:
    assert set(AGGREGATES) == set(Aggregate.kinds.values())
    assert not [kind.kind for kind in AGGREGATES if "-" in kind.kind]
    assert len({kind.kind for kind in AGGREGATES}) == len(AGGREGATES)


def every_command() -> list[type[Command]]:
    for module in pkgutil.walk_packages(commands.__path__, "commands."):
        importlib.import_module(module.name)
    leaves = dict.fromkeys(_leaves(Command))  # one may have two bases
    return [kind for kind in leaves if kind.__module__.startswith("commands.")]


def _leaves(kind: type[Command]) -> Iterator[type[Command]]:
    for child in kind.__subclasses__():
        if child.__subclasses__():
            yield from _leaves(child)
        else:
            yield child


def test_every_command_says_what_it_is_for() -> None:
    silent = [
        kind.__name__ for kind in every_command() if not (kind.__doc__ or "").rstrip().endswith(".")
    ]
    assert not silent, "their docstrings are what users read"


def test_every_command_has_a_name_of_its_own() -> None:
    names = Counter(kind.slug() for kind in every_command())
    assert not [name for name, times in names.items() if times > 1]
    assert set(Command.known) <= set(names)


def test_every_command_is_addressed_to_an_aggregate_of_the_platform() -> None:
    entered_by_others = {
        Register,
        NumberSeries,
        Agenda,
        Caseload,
        CustomerKey,
        TargetKey,
        LeadDesk,
        Partner,
        Recount,
    }
    assert {kind.aggregate for kind in every_command()} == set(AGGREGATES) - entered_by_others
