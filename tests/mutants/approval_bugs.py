"""Bugs of approvals and notices, which only worlds with signatures meet."""

from mutants.plant import bug

SIGNED = "orders", "approvals"
BUGS = (
    bug(
        "An approval is complete after its first stage",
        "aggregates.approvals.approval:Approval._go_on",
        "if any(step.stage == stage + 1 for step in requested.steps):", "if False:",
        *SIGNED,
    ),
    bug(
        "What was signed stays when the order changes",
        "aggregates.approvals.approval:Approval.void", "if self.status in OPEN:", "if False:",
        *SIGNED,
    ),
    bug(
        "People are told in another transaction than how far they were",
        "services.notices.notifier:Notifier._follow",
        "        self._tell(connection, found)\n",
        "    with self.database.write() as connection:\n"
        "        self._tell(connection, found)\n",
        *SIGNED,
    ),
    bug(
        "A notifier that takes over tells nobody of what happened meanwhile",
        "services.notices.notifier:Notifier._begin",
        "positions.begin(connection, NAME, self.store.log, head)",
        "positions.begin(connection, NAME, self.store.log, head)\n"
        "        old = positions.of(connection, NAME, self.store.log)\n"
        "        positions.move(connection, NAME, self.store.log, old, head)",
        *SIGNED,
    ),
    bug(
        "A stand-in signs when the absence is over",
        "aggregates.approvals.absence:Absence.stand_in_at",
        "if away and AbsencePeriod(away.since, away.until).holds(at) else None",
        "if away else None",
        *SIGNED,
    ),
    bug(
        "An adjustment is made before it is signed",
        "commands.inventory.adjustment:_made", "approval if led else None", "None",
        *SIGNED,
    ),
    bug(
        "Orders are led by the first routes that there were",
        "aggregates.organisation.settings:CompanySettings.valid_at", "max(begun", "min(begun",
        *SIGNED,
    ),
    bug(
        "An order that waited for its goods takes nothing of the credit",
        "commands.orders.backlog:ServeBacklog._look",
        "yield from order_entered(load, name)", "pass",
        *SIGNED,
    ),
    bug(
        "A look back shows what has gone to somebody else since",
        "projections.engine.record_asked:_within",
        "if then.now or scope == EVERYTHING:", "if True:",
        *SIGNED,
    ),
    bug(
        "The timeline of a thing is anybody's",
        "services.api.timelines:Timelines._rows",
        "check_reached(seen, self.record, id)", "pass",
        *SIGNED,
    ),
    bug(
        "The stream of events does not look at each thing",
        "services.access.visible:rows", " if row.stream in seen", "",
        *SIGNED,
    ),
    bug(
        "A message counts as sent before it is",
        "services.notices.sender:Sender._sent",
        "        if seen:\n",
        "        with self.database.write() as connection:\n"
        '            deliveries.settle(connection, seen, "sent", 0)\n'
        "        if seen:\n",
        *SIGNED,
    ),
)  # fmt: skip
