"""Every fact that somebody can enter is put right by a command, or it is said why none does."""

from collections.abc import Mapping

from architecture.test_complete import every_command

from commands import Command

PUT_RIGHT: Mapping[str, tuple[str, ...]] = {
    # approvals
    "announce-absence": ("end-absence",),
    "end-absence": ("announce-absence",),
    "reassign-approval": ("reassign-approval", "withdraw-approval"),
    "withdraw-approval": ("submit-order", "send-quotation"),
    "withdraw-request": ("confirm-request",),
    # catalog
    "add-product": ("change-product-details", "withdraw-product"),
    "change-product-details": ("change-product-details",),
    "discontinue-product": ("resume-product",),
    "resume-product": ("discontinue-product",),
    "reprice-product": ("reprice-product",),
    "withdraw-product": ("add-product",),
    # channel
    "draft-agreement": ("change-agreement",),
    "change-agreement": ("change-agreement",),
    "sign-agreement": ("end-agreement",),
    "end-agreement": ("draft-agreement",),
    "report-goods-flow": ("correct-goods-flow",),
    "correct-goods-flow": ("correct-goods-flow",),
    "report-dealer-stock": ("correct-stock-report", "reject-stock-report"),
    "correct-stock-report": ("correct-stock-report",),
    "explain-stock-variance": ("explain-stock-variance",),
    "accept-stock-report": ("adjust-stock", "count-stock"),
    "reject-stock-report": ("report-dealer-stock",),
    "send-statement": ("dispute-statement-line",),
    "dispute-statement-line": ("settle-statement-line",),
    # customers
    "add-contact": ("change-contact", "remove-contact"),
    "change-contact": ("change-contact",),
    "move-contact": ("move-contact",),
    "remove-contact": ("add-contact",),
    "register-customer": ("change-customer-details", "withdraw-customer"),
    "change-customer-details": ("change-customer-details",),
    "withdraw-customer": ("register-customer",),
    "freeze-customer": ("unfreeze-customer",),
    "unfreeze-customer": ("freeze-customer",),
    "rate-customer": ("rate-customer",),
    "reassign-customer": ("reassign-customer",),
    "hand-over-customers": ("hand-over-customers",),
    "make-handover": ("undo-handover",),
    "undo-handover": ("make-handover",),
    "claim-customer": ("release-customer",),
    "release-customer": ("claim-customer", "reassign-customer"),
    "merge-customer": ("unmerge-customer",),
    "unmerge-customer": ("merge-customer",),
    "place-partner": ("place-partner",),
    "record-interaction": ("change-interaction",),
    "change-interaction": ("change-interaction",),
    "share-customer": ("unshare-customer",),
    "unshare-customer": ("share-customer",),
    # fieldwork
    "plan-appointment": ("change-appointment-details", "move-appointment", "cancel-appointment"),
    "change-appointment-details": ("change-appointment-details",),
    "invite-to-appointment": ("invite-to-appointment",),
    "move-appointment": ("move-appointment",),
    "reassign-appointment": ("reassign-appointment",),
    "cancel-appointment": ("plan-appointment",),
    "create-task": ("change-task-details", "cancel-task"),
    "change-task-details": ("change-task-details",),
    "reassign-task": ("reassign-task",),
    "reschedule-task": ("reschedule-task",),
    "report-task-progress": ("report-task-progress",),
    "tick-task-item": ("tick-task-item",),
    "complete-task": ("reopen-task",),
    "cancel-task": ("reopen-task",),
    "reopen-task": ("complete-task", "cancel-task"),
    # files
    "attach-file": ("detach-file",),
    "detach-file": ("attach-file",),
    # inventory
    "receive-stock": ("reverse-movement",),
    "issue-stock": ("reverse-movement",),
    "adjust-stock": ("reverse-movement",),
    "request-adjustment": ("withdraw-approval", "reverse-movement"),
    "make-adjustment": ("reverse-movement",),
    "count-stock": ("reverse-movement",),
    "sell-out": ("reverse-movement",),
    "return-sell-out": ("undo-sell-out-return",),
    "undo-sell-out-return": ("return-sell-out",),
    "reverse-movement": ("receive-stock", "issue-stock", "adjust-stock", "count-stock", "sell-out"),
    "transfer-stock": ("cancel-transfer", "redirect-transfer"),
    "cancel-transfer": ("transfer-stock",),
    "redirect-transfer": ("redirect-transfer",),
    "receive-transfer": ("reverse-arrival",),
    "reverse-arrival": ("receive-transfer",),
    "reserve-stock": ("release-stock",),
    "release-stock": ("reserve-stock",),
    "post-movement": ("cancel-movement",),
    "cancel-movement": ("post-movement",),
    "correct-holder": ("correct-holder",),
    "block-stock": ("unblock-stock",),
    "unblock-stock": ("block-stock",),
    "scrap-blocked-stock": ("reverse-movement",),
    "register-lot": ("correct-lot-expiry",),
    "correct-lot-expiry": ("correct-lot-expiry",),
    "quarantine-lot": ("release-lot",),
    "release-lot": ("quarantine-lot",),
    # leads
    "capture-lead": ("change-lead-details", "disqualify-lead"),
    "change-lead-details": ("change-lead-details",),
    "assign-lead": ("assign-lead",),
    "qualify-lead": ("nurture-lead", "disqualify-lead"),
    "nurture-lead": ("resume-lead",),
    "disqualify-lead": ("resume-lead",),
    "resume-lead": ("nurture-lead", "disqualify-lead"),
    "convert-lead": ("withdraw-customer", "merge-customer", "lose-opportunity"),
    # loyalty
    "enrol-member": ("change-member-details", "withdraw-member"),
    "change-member-details": ("change-member-details",),
    "withdraw-member": ("enrol-member",),
    "capture-member-lead": ("drop-member-lead",),
    "drop-member-lead": ("capture-member-lead",),
    "enrol-member-lead": ("change-member-details", "withdraw-member"),
    "earn-points": ("reverse-earning",),
    "reverse-earning": ("earn-points",),
    "record-purchase": ("return-purchase",),
    "return-purchase": ("record-purchase",),
    "redeem-points": ("reverse-redemption",),
    "reverse-redemption": ("redeem-points",),
    "top-up-deposit": ("reverse-deposit",),
    "spend-deposit": ("reverse-deposit",),
    "reverse-deposit": ("top-up-deposit", "spend-deposit"),
    "set-member-tier": ("set-member-tier",),
    # notices
    "subscribe": ("change-subscription", "unsubscribe"),
    "change-subscription": ("change-subscription",),
    "unsubscribe": ("subscribe",),
    # operations
    "skip-parked": ("restore-skipped",),
    "restore-skipped": ("skip-parked",),
    # opportunities
    "open-opportunity": ("change-opportunity-details", "lose-opportunity"),
    "change-opportunity-details": ("change-opportunity-details",),
    "advance-opportunity": ("advance-opportunity",),
    "revalue-opportunity": ("revalue-opportunity",),
    "reschedule-opportunity": ("reschedule-opportunity",),
    "reassign-opportunity": ("reassign-opportunity",),
    "complete-stage-task": ("reopen-stage-task",),
    "reopen-stage-task": ("complete-stage-task",),
    "win-opportunity": ("reopen-opportunity",),
    "lose-opportunity": ("reopen-opportunity",),
    "reopen-opportunity": ("win-opportunity", "lose-opportunity"),
    "define-pipeline": ("define-pipeline",),
    # orders
    "draft-order": ("redraft-order", "cancel-order"),
    "redraft-order": ("redraft-order",),
    "submit-order": ("redraft-order",),
    "approve-order": ("cancel-order",),
    "reject-order": ("redraft-order",),
    "cancel-order": ("draft-order", "order-quotation", "order-contract"),
    "ship-order": ("return-order",),
    "return-order": ("undo-return",),
    "credit-loss": ("undo-loss",),
    "undo-loss": ("credit-loss",),
    "undo-return": ("return-order",),
    "file-claim": ("reject-claim",),
    "accept-claim": ("undo-loss", "undo-return"),
    "reject-claim": ("file-claim",),
    "exchange-order": ("return-order", "undo-return"),
    "pick-shipment": ("cancel-pick",),
    "cancel-pick": ("pick-shipment",),
    "dispatch-shipment": ("correct-tracking", "return-order"),
    "correct-tracking": ("correct-tracking",),
    "deliver-shipment": ("undo-delivery",),
    "undo-delivery": ("deliver-shipment",),
    "sign-order-step": ("undo-step-signature",),
    "undo-step-signature": ("sign-order-step",),
    # organisation
    "open-account": ("close-account",),
    "close-account": ("reopen-account",),
    "reopen-account": ("close-account",),
    "grant-role": ("grant-role", "revoke-role"),
    "revoke-role": ("grant-role",),
    "plan-assignment": ("cancel-planned-assignment",),
    "cancel-planned-assignment": ("plan-assignment",),
    "take-position": ("leave-position",),
    "leave-position": ("take-position",),
    "hire-rep": ("change-rep-details", "move-rep", "withdraw-rep"),
    "change-rep-details": ("change-rep-details",),
    "move-rep": ("move-rep",),
    "dismiss-rep": ("return-rep",),
    "return-rep": ("dismiss-rep",),
    "withdraw-rep": ("hire-rep",),
    "change-settings": ("change-settings",),
    # pricing
    "set-list-price": ("set-list-price", "remove-list-price"),
    "remove-list-price": ("set-list-price",),
    "draft-quotation": ("revise-quotation", "cancel-quotation"),
    "revise-quotation": ("revise-quotation",),
    "send-quotation": ("revise-quotation",),
    "accept-quotation": ("revise-quotation", "refuse-quotation"),
    "refuse-quotation": ("revise-quotation",),
    "cancel-quotation": ("draft-quotation",),
    "order-quotation": ("cancel-order",),
    "make-contract": ("cancel-contract",),
    "draft-contract": ("revise-contract", "cancel-contract"),
    "revise-contract": ("revise-contract",),
    "submit-contract": ("revise-contract",),
    "sign-contract": ("terminate-contract",),
    "cancel-contract": ("make-contract", "draft-contract"),
    "terminate-contract": ("draft-contract",),
    "order-contract": ("cancel-order",),
    # valuation
    "correct-receipt-cost": ("correct-receipt-cost",),
    "close-stock-period": ("reopen-stock-period",),
    "reopen-stock-period": ("close-stock-period",),
    # receivables
    "agree-payment-terms": ("agree-payment-terms",),
    "set-credit-limit": ("set-credit-limit",),
    "hold-credit": ("release-credit-hold",),
    "release-credit-hold": ("hold-credit",),
    "receive-payment": ("bounce-receipt",),
    "bounce-receipt": ("receive-payment",),
    "allocate-receipt": ("undo-allocation",),
    "undo-allocation": ("allocate-receipt",),
    "refund-receipt": ("undo-refund",),
    "undo-refund": ("refund-receipt",),
    "write-off-invoice": ("undo-write-off",),
    "undo-write-off": ("write-off-invoice",),
    "issue-invoice": ("issue-credit-note",),
    "issue-credit-note": ("cancel-credit-note",),
    "cancel-credit-note": ("issue-credit-note",),
    # targets
    "set-target": ("change-target", "withdraw-target"),
    "change-target": ("change-target",),
    "withdraw-target": ("set-target",),
    "break-down-target": ("change-target", "withdraw-target"),
    "write-review": ("revise-review",),
    "revise-review": ("revise-review",),
}
"""What puts right what a command has told; where it names itself, the next of them counts."""
A_WORD = "The word of a person, which stands; what it was about is decided on anew."
LOOKS = "It looks anew at what is there, and says nothing of its own."
STANDS: Mapping[str, str] = {
    "sign-approval": A_WORD,
    "refuse-approval": A_WORD,
    "comment-approval": A_WORD,
    "confirm-request": A_WORD + " The command that it lets through has its own correction.",
    "decline-request": A_WORD,
    "confirm-statement": A_WORD + " The next statement has what is disputed after it.",
    "settle-statement-line": A_WORD + " Documents of their own put right what was wrong.",
    "sign-review": A_WORD,
    "rule-collision": A_WORD + " Customers and deals go on by commands of their own.",
    "hold-appointment": A_WORD + " What was wrong in it is told by an interaction.",
    "review-pool-deadline": LOOKS,
    "list-opportunities": LOOKS,
    "find-collisions": LOOKS,
    "defer-order": "Goods that have come are held anew by the order's approval, by itself.",
    "cancel-deadline": "What was not asked by itself is asked by hand.",
    "remind-of-agreement": "Who was reminded knows.",
    "enter-statement-line": "It follows documents, whose corrections enter lines of their own.",
    "expire-points": "It follows the calendar; `reverse-redemption` gives back what had lived on.",
}
"""What nothing takes back, and why."""


def entered() -> dict[str, type[Command]]:
    """What somebody can ask, but for the verbs of plain master data."""
    return {
        kind.slug(): kind
        for kind in every_command()
        if kind.slug() in Command.known and kind.__module__ != "commands.plain"
    }


def test_every_command_has_what_puts_its_effect_right_or_a_reason_why_not() -> None:
    assert not PUT_RIGHT.keys() & STANDS.keys()
    assert {*PUT_RIGHT, *STANDS} == set(entered())


def test_what_puts_right_is_there_to_be_asked() -> None:
    named = {one for others in PUT_RIGHT.values() for one in others}
    assert named <= set(Command.known)


def test_every_verb_of_master_data_has_the_one_that_takes_it_back() -> None:
    back = {"register": "withdraw", "change": "change", "close": "reopen", "reopen": "close"}
    mine = [kind.slug() for kind in every_command() if kind.__module__ == "commands.plain"]
    for name in mine:
        verb, _, noun = name.partition("-")
        assert verb == "withdraw" or f"{back[verb]}-{noun}" in mine, name
    assert mine
