"""The bugs: what each breaks, where, and how."""

from mutants.approval_bugs import BUGS as APPROVAL_BUGS
from mutants.plant import bug

APPLIER = "services.workers.apply:Applier"
PUBLISHER = "services.workers.publish:Publisher"


BUGS = (
    bug(
        "A key that was used is not known again",
        "infra.batch:Batch._held", "if held is None and key in self.known:", "if False:",
    ),
    bug(
        "What others wrote since is not forgotten",
        "infra.log:Log.catch_up",
        "if head.position == self.known:", "if True:",
    ),
    bug(
        "A snapshot is labelled a version behind its state",
        "infra.log:Log.snapshots", "(stream, version, self", "(stream, version - 1, self",
        "snapshots",
    ),
    bug(
        "The recorded clock follows a clock that steps back",
        "infra.store:Store._to_head", "max(now, known)", "now",
    ),
    bug(
        "An event of the first build is read without its upcaster",
        "infra.codec:Codec._upcast", "content = self.upcasters[type_name, step](content)", "pass",
        "heritage",
    ),
    bug(
        "The publisher takes what it has sent for acknowledged",
        f"{PUBLISHER}._send", "self.sent = events", "self.sent = self.acknowledged = events",
    ),
    bug(
        "A new publisher does not look whether Kafka has what was acknowledged",
        f"{PUBLISHER}.resume", "0)).position, *lost])", "0)).position])",
        "orders",
    ),
    bug(
        "A new publisher counts what stands after a hole as there",
        "services.workers.partition_ends:Walk.take",
        "got.previous <= self.reached.position < event", "self.reached.position < event",
    ),
    bug(
        "A new publisher does not look whether the marked record is still in its place",
        "services.workers.partition_ends:Walk.take",
        " and event.position == self.mark.position:", ":",
    ),
    bug(
        "A new publisher does not compare its log with the topics",
        f"{PUBLISHER}.resume", "self._compare(connection)", "pass",
        "restores",
    ),
    bug(
        "A publisher leaves the marks that it has told of as another one may have set them",
        "projections.engine.progress:mark",
        "in sorted(now.items())\n", "in sorted(now.items()) if told.get(place) != (at, offset)\n",
    ),
    bug(
        "A lot that is held back is sold",
        "aggregates.inventory.stock.lots:LotTerms.usable", "not self.quarantined and", "",
        "lots",
    ),
    bug(
        "What is blocked of a lot is free to others",
        "aggregates.inventory.stock.folding:_blocking", "if event.lots:", "if False:",
        "lots",
    ),
    bug(
        "What is told late changes what of a lot was counted since",
        "aggregates.inventory.stock.lotted:_unknown_by_now",
        "if at <= count.at and own", "if False and own",
        "lots",
    ),
    bug(
        "A ranking is of the sales of everybody",
        "projections.targets.rankings:top",
        "where = [*reading.conditions(shown, wanted), *_fit(shown, measure, wanted)]",
        "where = _fit(shown, measure, wanted)",
    ),
    bug(
        "A view takes what it has already",
        "services.workers.batch:DeliveredBatch._following", "if position <= reached:", "if False:",
    ),
    bug(
        "A view takes what follows a hole",
        "services.workers.batch:DeliveredBatch._following", "if previous > reached:", "if False:",
    ),
    bug(
        "A view moves on in another transaction than its rows",
        f"{APPLIER}._take", "        advance(connection, moved)\n",
        "        advance(connection, moved)\n"
        "    with self.database.write() as connection:\n",
    ),
    bug(
        "A zombie is not fenced off",
        "projections.engine.progress:advance",
        "rows and _moved(connection, rows) != len(rows)", "rows and not _moved(connection, rows)+1",
    ),
    bug(
        "A worker does not see that parked events were let go",
        "projections.engine.generations:confirm", "if now != known:", "if False:",
        "poison",
    ),
    bug(
        "The last row of a longer batch is not entered",
        "projections.engine:View.apply",
        "bulk.insert(connection, tables.ledger, ledger)",
        "bulk.insert(connection, tables.ledger, ledger[: max(4, len(ledger) - 1)])",
    ),
    bug(
        "A view claims what only others of its partitions have",
        "projections.engine.progress:complete_by", "if stand >= one.before else 0", "",
    ),
    bug(
        "A parked stream is overtaken by what follows in it",
        f"{APPLIER}._write", "stopped = self._parked[view.name]", "stopped = set()",
        "poison",
    ),
    bug(
        "What follows an unreadable event in one batch is let in",
        "projections.engine:each", "stopped.get(stream)", "None",
        "poison",
    ),
    bug(
        "What cannot be written is tried for ever, and nothing is parked",
        f"{APPLIER}._apply",
        "return self._take(deliveries, isolate.apply)", "return self._take(deliveries, _plainly)",
        "limits",
    ),
    bug(
        "A sum that does not fit is held near the limit",
        "infra.bulk:upsert", "_on_conflict(table, adds, GUARDED)", "_on_conflict(table, adds)",
        "limits",
    ),
    bug(
        "What is restored stays out of a view that had passed it",
        "services.workers.replayer:Replayer._take_back", "if not restored:", "if True:",
        "poison",
    ),
    bug(
        "What is restored is not parked again for its process",
        "services.workers.drive:ProcessRunner.take_back", "parking.park(", "(lambda *_: None)(",
        "orders", "stuck",
    ),
    bug(
        "A skipped event takes along what waits behind it",
        "services.workers.drive:ProcessRunner._again", "sorted(waiting - gone)",
        "[] if gone else sorted(waiting)",
        "orders", "stuck",
    ),
    bug(
        "What was parked is let in, and its rollup stays as it was",
        "services.workers.replayer:Replayer._let_in", "self.view.replayed(", "(lambda *_: None)(",
        "poison", "rollups",
    ),
    bug(
        "A figure of the past has an event too many",
        "projections.engine.rollups:until",
        "ledger.c.position <= as_of.position", "ledger.c.position <= as_of.position + 1",
        "rollups",
    ),
    bug(
        "A rollup is taken before its block is complete",
        "projections.engine.rollups:next_block", ">= (block + 1) * BLOCK", "> block * BLOCK",
        "rollups",
    ),
    bug(
        "A view made anew lacks the last event that the old one has",
        "services.workers.processed:processed_up_to",
        "event.position <= max(straight", "event.position < max(straight",
        "rebuilds",
    ),
    bug(
        "A process that reacts again asks under a new key",
        "services.workers.react:_request", ":{reaction.number}", ":{id(reaction)}",
        "orders",
    ),
    bug(
        "A process passes over an event that it hears",
        "services.workers.drive:ProcessRunner._follow",
        "events[-1].position", "events[-1].position + 1",
        "orders",
    ),
    bug(
        "A process forgets what it cannot react to, and what follows that",
        "services.workers.drive:ProcessRunner._follow", "done.waits | behind", "{}",
        "orders", "stuck",
    ),
    bug(
        "A rule that stops one order stops those who wait behind it",
        "commands.orders.backlog:ServeBacklog._look",
        "except Refused as no:", "except ZeroDivisionError as no:",
        "orders",
    ),
    bug(
        "An order that may not be served goes on waiting for another item",
        "commands.orders.backlog:_leaves",
        "for item in wanted(order):", "for item in list(wanted(order))[:1]:",
        "orders",
    ),
    bug(
        "An order is approved with less than all its goods",
        "commands.orders.order_stock:approval",
        ".hold(id, quantity, ", ".hold(id, max(quantity - 1, 1), ",
        "orders",
    ),
    bug(
        "A purchase of a number that was used before earns points, and its sale is lost",
        "commands.loyalty.purchase:RecordPurchase.across",
        "isinstance(event, PointsEarned):", "getattr(event, 'lot', None) == self.purchase:",
        "members",
    ),
    bug(
        "A purchase that is told again earns again",
        "aggregates.loyalty.lots:Lots.standing",
        "return there[-1] if there else None", "return None",
        "members",
    ),
    bug(
        "A deal advances before it was opened",
        "infra.batch:Batch.perform",
        "if when < latest and not event.anytime:", "if False:",
        "deals",
    ),
    bug(
        "A deal that was lost goes on",
        "aggregates.opportunities.opportunity:Opportunity.live",
        "if self.won or self.lost:", "if self.won:",
        "deals",
    ),
    bug(
        "More of a transfer arrives and is lost than was sent",
        "aggregates.inventory.stock.transfers:arrive",
        "if left < quantity + lost:", "if left < quantity:",
    ),
    bug(
        "A reference is not kept with its event",
        "infra.batch:Batch._accept",
        "event.recorded_under()\n", "None\n",
        "shelf",
    ),
    bug(
        "Another content under a reference counts as a repeat",
        "aggregates.inventory.stock.asked:Asked.anew",
        "repeats(before, event, but=self._open(but, before, event))", "pass",
        "shelf",
    ),
    bug(
        "A late movement changes what was counted after it",
        "aggregates.inventory.stock.posting:_post", "if count is not None and change:", "if False:",
        "shelf",
    ),
    bug(
        "What was not there yet leaves a warehouse",
        "aggregates.inventory.stock.posting:_post", 'if event.holder == "warehouse":', "if False:",
        "shelf",
    ),
    bug(
        "A count told late is dated when it is entered",
        "infra.batch:Batch.perform",
        "at if happened is None or happened is moment else micros(happened)", "at",
        "shelf",
    ),
    bug(
        "The version before stays current beside the new one",
        "projections.engine.record_writing:Writing._add",
        "self.ended[*key, thing.current] = position", "pass",
    ),
    bug(
        "A state that had happened later is not folded upon what is told late",
        "projections.engine.record:Record.after",
        "return made + [Slice(one.since, self.fold(one.row, recorded, event)) for one in later]",
        "return made",
        "deals",
    ),
    bug(
        "What is told late is folded upon what this batch knows alone",
        "projections.engine.record_writing:Writing._take",
        "[*self._slices(*key), *thing.slices]", "thing.slices",
        "deals",
    ),
    bug(
        "An event mentions the first thing that it names alone",
        "projections.engine.mentions:Mentions.apply", "for one in found", "for one in found[:1]",
    ),
    bug(
        "What is restored into a record comes after what rests on it",
        "services.workers.replayer:Replayer._take_back",
        "if restored and self.view.ordered:", "if False:",
        "poison",
    ),
    bug(
        "A thing is still found by what it was called before",
        "projections.engine.search:update", "for gram in old - new", "for gram in old - old",
        "deals",
    ),
    bug(
        "A thing is not found by what it is called now",
        "projections.engine.search:update",
        "for gram in new - old", "for gram in (new - old if not old else ())",
        "deals",
    ),
    bug(
        "What a thing is found by is that of the version before",
        "projections.engine.record_writing:Writing._found_by",
        "found = thing.texts.get(texts)",
        "found = thing.texts.get(texts) or next(iter(thing.texts.values()), None)",
        "deals",
    ),
    bug(
        "A deadline is due before the instant that was asked for",
        "services.processes.deadlines:DeadlineChanges._row",
        "micros(what.at),", "micros(what.at) - 1_000_000,",
        "orders", "deadlines",
    ),
    bug(
        "A deadline that was forgotten is asked all the same",
        "services.processes.deadlines:DeadlineChanges.write",
        "for some in portions(gone):", "for some in ():",
        "orders", "deadlines",
    ),
    bug(
        "What is told after its month was closed changes the month",
        "projections.valuation.worth:counted_from",
        "next(known, told.occurred_at)", "told.occurred_at",
        "costs",
    ),
    bug(
        "A month is closed before the one that it follows",
        "aggregates.valuation.stock_period:StockPeriods.close",
        "month != (following := month_after(self.closed[-1]))",
        "month < (following := month_after(self.closed[-1]))",
        "costs",
    ),
    bug(
        "What arrives is worth the average there, and not what was sent",
        "projections.valuation.worth:Worth._arrived",
        "if sent.quantity <= 0:", "if told.quantity:",
        "costs",
    ),
    *APPROVAL_BUGS,
)  # fmt: skip
