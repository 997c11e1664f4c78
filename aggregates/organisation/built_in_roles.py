"""The roles that are there from the first day, and what each grants."""

from collections.abc import Mapping

SALES_READS = (
    "read:customers/*",
    "read:opportunities/*",
    "read:orders/*",
    "read:pricing/*",
    "read:receivables/invoices",
    "read:receivables/credit_notes",
    "read:receivables/receipts",
    "read:receivables/receivables",
    "read:approvals/approvals",
    "read:targets/*",
    "read:catalog/*",
    "read:organisation/reps@all",
    "read:organisation/departments@all",
    "read:organisation/regions@all",
    "read:organisation/positions@all",
    "read:inventory/*@all",
    "field:personal",
    "read:leads/*",
    "read:channel/*",
)
WORK = ("command:fieldwork/*", "read:fieldwork/*")
"""Whoever works here has tasks: within the scope of the role."""
MAKERS = ("command:approvals/withdraw-request", "read:approvals/requests")
"""Of those whose commands may have to wait for a second person."""
CHECKERS = (
    *MAKERS,
    "command:approvals/confirm-request",
    "command:approvals/decline-request",
)
"""Of those who confirm what others ask: what they may ask themselves."""
SUBSCRIBES = "command:notices/*"
"""Whoever has an account says what it is told of."""
SIGNERS = (
    "command:approvals/sign-approval",
    "command:approvals/refuse-approval",
    "command:approvals/comment-approval",
    "command:approvals/withdraw-approval",
    "command:approvals/announce-absence",
    "command:approvals/end-absence",
    "read:approvals/absences",
)
"""Of those who sign documents, and have their own signed."""
PRICING = (
    *(
        f"command:pricing/{verb}-{kind}@all"
        for kind in ("price-list", "discount-rule")
        for verb in ("register", "change", "close", "reopen", "withdraw")
    ),
    "command:pricing/set-list-price@all",
    "command:pricing/remove-list-price@all",
)
"""Of those who say what things cost."""
QUOTES = (
    *(
        f"command:pricing/{verb}-quotation"
        for verb in ("draft", "revise", "send", "accept", "refuse", "cancel", "order")
    ),
    *(
        f"command:pricing/{verb}-contract"
        for verb in ("make", "draft", "revise", "submit", "sign", "cancel", "terminate", "order")
    ),
)
"""Of those who offer it to their customers, and agree on it."""
LEADS = tuple(
    f"command:leads/{verb}"
    for verb in (
        "capture-lead",
        "change-lead-details",
        "qualify-lead",
        "nurture-lead",
        "disqualify-lead",
        "resume-lead",
        "find-collisions",
        "convert-lead",
    )
)
"""Of those who follow up what may become business."""
SHIPPING = (
    "pick-shipment",
    "cancel-pick",
    "dispatch-shipment",
    "correct-tracking",
    "deliver-shipment",
    "undo-delivery",
    "sign-order-step",
    "undo-step-signature",
)
"""What is asked of an order on its way."""
OWNER = "owner"
BUILT_IN: Mapping[str, tuple[str, ...]] = {
    OWNER: ("command:*/*@all", "read:*/*@all", "operate:*", "field:*"),
    "sales-manager": (
        SUBSCRIBES,
        "command:customers/*",
        "command:leads/*",
        "command:channel/*",
        "command:opportunities/*",
        "command:orders/*",
        "command:pricing/*",
        "command:targets/*",
        *SIGNERS,
        "command:files/*",
        "command:organisation/hand-over-customers",
        *WORK,
        *CHECKERS,
        *SALES_READS,
        "operate:imports",
        "operate:status",
    ),
    "representative": (
        SUBSCRIBES,
        "command:customers/register-customer",
        "command:customers/change-customer-details",
        "command:customers/add-contact",
        "command:customers/change-contact",
        "command:customers/move-contact",
        "command:customers/remove-contact",
        "command:customers/claim-customer",
        "command:customers/release-customer",
        "command:customers/record-interaction",
        "command:customers/change-interaction",
        "command:customers/list-opportunities",
        "command:customers/share-customer",
        "command:customers/unshare-customer",
        *LEADS,
        "command:opportunities/open-opportunity",
        "command:opportunities/advance-opportunity",
        "command:opportunities/change-opportunity-details",
        "command:opportunities/reschedule-opportunity",
        "command:opportunities/revalue-opportunity",
        "command:opportunities/complete-stage-task",
        "command:opportunities/reopen-stage-task",
        "command:opportunities/win-opportunity",
        "command:opportunities/lose-opportunity",
        "command:opportunities/reopen-opportunity",
        "command:orders/draft-order",
        "command:orders/redraft-order",
        "command:orders/submit-order",
        "command:orders/cancel-order",
        *QUOTES,
        "command:targets/sign-review",
        "command:approvals/withdraw-approval",
        "command:approvals/comment-approval",
        "command:files/attach-file",
        *WORK,
        *MAKERS,
        *SALES_READS,
    ),
    "clerk": (
        SUBSCRIBES,
        "command:customers/*",
        "command:leads/capture-lead",
        "command:channel/draft-agreement",
        "command:channel/change-agreement",
        "command:channel/register-outlet",
        "command:channel/change-outlet",
        "command:channel/report-goods-flow",
        "command:channel/correct-goods-flow",
        "command:channel/report-dealer-stock",
        "command:channel/correct-stock-report",
        "command:channel/explain-stock-variance",
        "command:orders/*",
        *QUOTES,
        "command:approvals/comment-approval",
        "command:approvals/withdraw-approval",
        "command:files/*",
        "command:inventory/sell-out",
        "command:inventory/return-sell-out",
        "command:inventory/undo-sell-out-return",
        "command:loyalty/record-purchase",
        "command:loyalty/return-purchase",
        *WORK,
        *MAKERS,
        *SALES_READS,
        "read:loyalty/*",
        "operate:imports",
    ),
    "warehouse": (
        SUBSCRIBES,
        "command:inventory/*@all",
        "command:orders/ship-order@all",
        "command:orders/return-order@all",
        "command:orders/undo-return@all",
        "command:orders/exchange-order@all",
        *(f"command:orders/{one}@all" for one in SHIPPING),
        "command:files/*@all",
        *WORK,
        *(f"{one}@all" for one in CHECKERS),
        "read:inventory/*@all",
        "read:orders/*@all",
        "read:catalog/*",
        "operate:imports",
    ),
    "finance": (
        SUBSCRIBES,
        "command:catalog/reprice-product",
        *PRICING,
        "command:orders/credit-loss",
        "command:orders/undo-loss",
        "command:orders/sign-order-step@all",
        "command:orders/undo-step-signature@all",
        "command:receivables/*@all",
        "read:receivables/*@all",
        "read:channel/*@all",
        "command:channel/send-statement@all",
        "command:channel/settle-statement-line@all",
        *(f"{one}@all" for one in SIGNERS),
        *WORK,
        *(f"{one}@all" for one in CHECKERS),
        *(f"{one}@all" for one in SALES_READS[:10]),
        *SALES_READS[10:16],
        "field:cost",
        "field:margin",
    ),
    "member-desk": (
        SUBSCRIBES,
        "command:loyalty/*",
        "command:files/*",
        *WORK,
        *CHECKERS,
        "read:loyalty/*",
        "read:catalog/*",
        "field:personal",
        "operate:imports",
    ),
    "auditor": (
        SUBSCRIBES,
        "read:*/*@all",
        "field:*",
        "operate:status",
        "operate:access-log",
        "operate:integrity",
    ),
    "analyst": (
        SUBSCRIBES,
        "read:*/*",
        "operate:status",
    ),
    "dealer": (
        SUBSCRIBES,
        "command:orders/draft-order",
        "command:orders/redraft-order",
        "command:orders/submit-order",
        "command:orders/cancel-order",
        "command:orders/deliver-shipment",
        "command:orders/undo-delivery",
        "command:approvals/withdraw-approval",
        "command:channel/report-goods-flow",
        "command:channel/correct-goods-flow",
        "command:channel/report-dealer-stock",
        "command:channel/correct-stock-report",
        "command:channel/explain-stock-variance",
        "command:inventory/sell-out",
        "command:inventory/return-sell-out",
        "command:inventory/undo-sell-out-return",
        "command:loyalty/record-purchase",
        "command:loyalty/return-purchase",
        "command:files/attach-file",
        *MAKERS,
        "read:customers/customers",
        "read:channel/agreements",
        "read:channel/goods_flows",
        "read:channel/statements",
        "read:channel/stock_reports",
        "command:channel/confirm-statement",
        "command:channel/dispute-statement-line",
        "read:channel/sell_through",
        "read:orders/orders",
        "read:orders/shipments",
        "read:receivables/*",
        "read:inventory/*",
        "read:inventory/warehouses@all",
        "read:loyalty/members",
        "read:catalog/*",
        "field:personal",
    ),
    "service": ("command:*/*@all", "read:*/*@all", "operate:status", "operate:imports"),
}
"""By name."""
