"""The composition root: settings become the log, the executor, the views and the broker."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from aggregates import Aggregate, Event, Refused, calendar
from aggregates.settings import SettingsModel
from commands import Command, registers
from commands.notices import offered
from infra import access_rows, attempts, keys, passwords, preferences, sessions
from infra.access_log import AccessLog
from infra.broker import Broker
from infra.clock import new_id
from infra.codec import Codec
from infra.database import Database
from infra.events import Recorded
from infra.executor import Executor
from infra.files import FileStore
from infra.kafka_security import KafkaSecurity
from infra.limits import Limits
from infra.log import Log
from infra.migrate import migrate
from infra.recorder import LogRecorder
from infra.requests import Request
from infra.settings import Settings
from infra.states import States
from projections.engine import (
    Projection,
    View,
    generations,
    rollup_failures,
    worker_errors,
    zones,
)
from projections.engine.figure import Figure
from projections.engine.mentions import Mentions
from projections.engine.record import Record
from services.admission import admit
from services.command_notes import CommandNotes
from services.contexts import Context
from services.contexts.approvals import approvals
from services.contexts.catalog import catalog
from services.contexts.channel import channel
from services.contexts.customers import customers
from services.contexts.fieldwork import fieldwork
from services.contexts.files import files
from services.contexts.inventory import inventory
from services.contexts.leads import leads
from services.contexts.loyalty import loyalty
from services.contexts.notices import notices
from services.contexts.operations import operations
from services.contexts.opportunities import opportunities
from services.contexts.orders import orders
from services.contexts.organisation import organisation
from services.contexts.pricing import pricing
from services.contexts.receivables import receivables
from services.contexts.targets import targets
from services.contexts.valuation import valuation
from services.exports import manifests
from services.files import stores, uploads
from services.imports import kept, undo_jobs
from services.jobs import kept as jobs
from services.naming import Naming
from services.notices import deliveries as notice_deliveries
from services.notices import inbox
from services.notices.declared import Notice
from services.processes import Process, deadlines, holds, parking, positions, refusals

if TYPE_CHECKING:
    from infra.tracing import Tracing

CONTEXTS: tuple[Context, ...] = (
    catalog,
    customers,
    leads,
    channel,
    opportunities,
    pricing,
    orders,
    inventory,
    valuation,
    receivables,
    loyalty,
    targets,
    fieldwork,
    files,
    approvals,
    notices,
    organisation,
    operations,
)
AGGREGATES: tuple[type[Aggregate], ...] = tuple(k for each in CONTEXTS for k in each.every_kind)
PROCESSES: tuple[Process, ...] = tuple(p for each in CONTEXTS for p in each.processes)
SCHEDULING: tuple[str, ...] = tuple(one.name for one in PROCESSES if one.purposes)
"""The processes that have deadlines."""
NOTICES: tuple[Notice, ...] = tuple(n for each in CONTEXTS for n in each.notices)
FIGURES: tuple[Figure, ...] = tuple(f for each in CONTEXTS for f in each.figures)
SETTINGS: tuple[type[SettingsModel], ...] = tuple(s for each in CONTEXTS for s in each.settings)
VIEWS: tuple[View, ...] = tuple(v for each in CONTEXTS for v in each.views)
RECORDS: tuple[Record[Any], ...] = tuple(r for each in CONTEXTS for r in each.every_record)
MENTIONS = Mentions("mentions", frozenset(kind.kind for kind in AGGREGATES))
"""Whatever happened with a thing, in all contexts."""
TABLES = (
    worker_errors.worker_errors,
    rollup_failures.rollup_failures,
    parking.parked,
    refusals.refusals,
    undo_jobs.undos,
    deadlines.pending,
    holds.holds,
    notice_deliveries.deliveries,
)
"""Made with the others of their kind, for which it is enough that they are known here."""
READ: tuple[Projection, ...] = (*VIEWS, *RECORDS, MENTIONS)
"""All read models there are."""
NO_CONFLUENT = (
    "confluent-kafka is not installed: add the extra, pip install 'distributary[confluent]',"
    " or set DISTRIBUTARY_KAFKA_CLIENT=kafka-python"
)


@dataclass(frozen=True)
class Platform:
    """What a process needs of the platform; made by `platform`, ended by `close`."""

    settings: Settings
    database: Database
    store: LogRecorder
    codec: Codec
    log: Log
    executor: Executor
    views: Sequence[Projection]
    """All that is read: figures and records."""
    tracing: "Tracing | None" = None
    agreed: set[tuple[str, int]] = field(default_factory=set)
    """Views and generations whose days were seen to be those of the settings' zone."""
    limits: Limits = field(default_factory=Limits)

    @cached_property
    def access_log(self) -> AccessLog:
        return AccessLog(self.database)

    @cached_property
    def states(self) -> States:
        """The log for who only looks."""
        return States(self.store, self.codec)

    @cached_property
    def files(self) -> FileStore:
        """The content of files."""
        return stores.of(self.settings)

    @property
    def figures(self) -> Sequence[View]:
        return [one for one in self.views if isinstance(one, View)]

    @property
    def records(self) -> Sequence[Record[Any]]:
        return [one for one in self.views if isinstance(one, Record)]

    def prepare(self) -> None:
        """Bring the tables to what this build needs; harmless when they are."""
        migrate(self.database)
        with self.database.write() as connection:
            self.store.found(connection)
            self.store.index(connection, self._under, _rules())
            generations.create(connection, self.views)
            positions.create(connection)
            for part in (keys, passwords, sessions, attempts, preferences, access_rows):
                part.metadata.create_all(connection)
            manifests.metadata.create_all(connection)
            kept.metadata.create_all(connection)
            uploads.metadata.create_all(connection)
            inbox.metadata.create_all(connection)
            jobs.metadata.create_all(connection)

    def check_days(self) -> None:
        """Raise `OtherZone` where a view that answers was made by the days of another zone."""
        with self.database.read() as connection:
            answers = generations.all_answering(connection, [view.name for view in self.views])
            zones.check(connection, {view: one.generation for view, one in answers.items()})

    def _under(self, event: Recorded) -> str | None:
        """What an event is recorded under; nothing where it cannot be read."""
        if event.type not in _referring():
            return None
        try:
            found: str | None = self.log.event(event).recorded_under()
        except Exception:  # noqa: BLE001 - it is parked wherever it is read
            return None
        return found

    def broker(self, client: str) -> Broker:
        if self.settings.kafka is None:
            raise SystemExit("No Kafka is named: set DISTRIBUTARY_KAFKA=host:port")
        security = self.settings.kafka_security
        if self.settings.kafka_client == "confluent":
            return _confluent(self.settings.kafka, client, self.limits, security)
        from infra.kafka import KafkaBroker  # here: most processes never speak to Kafka

        return KafkaBroker(self.settings.kafka, client, self.limits, security)

    def topic_names(self, kinds: Sequence[str] | None = None) -> list[str]:
        every = [aggregate.kind for aggregate in AGGREGATES]
        return [f"{self.settings.topic_prefix}.{kind}" for kind in kinds or every]

    def view(self, name: str) -> Projection:
        return next(view for view in self.views if view.name == name)

    def close(self) -> None:
        if "access_log" in self.__dict__:
            self.access_log.stop(0)
        self.database.close()
        if self.tracing is not None:
            self.tracing.close()


@cache
def _referring() -> frozenset[str]:
    """The events that are recorded under references."""
    every = Event.known.items()
    plain = Event.recorded_under
    return frozenset(name for name, kind in every if kind.recorded_under is not plain)


def _rules() -> str:
    """Names the rules by which events are found: another build may have others."""
    return hashlib.sha256(" ".join(sorted(_referring())).encode()).hexdigest()[:16]


def _confluent(bootstrap: str, client: str, limits: Limits, security: KafkaSecurity) -> Broker:
    try:
        from infra.confluent import ConfluentBroker
    except ModuleNotFoundError as error:
        if error.name != "confluent_kafka":
            raise
        raise SystemExit(NO_CONFLUENT) from None
    return ConfluentBroker(bootstrap, client, limits, security)


def _check_condition(events: Sequence[str], where: str) -> None:
    from services.notices import conditions  # here: it brings the lists

    conditions.check(events, where)


def platform(
    settings: Settings, tracing: "Tracing | None" = None, limits: Limits | None = None
) -> Platform:
    if settings.database_url is None:
        settings.data.mkdir(parents=True, exist_ok=True)
    calendar.use(settings.zone)
    registers.use(checked=settings.references == "checked")
    offered.use(_check_condition)
    limits = limits or Limits()
    database = Database(settings.database, limits=limits)
    store = LogRecorder(database, settings.log)
    codec = Codec(Event.known)
    log = Log(store, codec, cache=settings.states)
    executor = Executor(
        log,
        Refused,
        tolerance=settings.future_tolerance,
        admit=admit,
        named=lambda connection, head: Naming(connection, store, codec, MENTIONS, head),
    )
    made = Platform(
        settings,
        database,
        store,
        codec,
        log,
        executor,
        READ,
        tracing,
        limits=limits,
    )
    executor.heard = CommandNotes(made.access_log).heard
    return made


def request(
    command: Command,
    actor: str,
    key: str | None = None,
    *,
    correlation: str | None = None,
    causation: str | None = None,
    expected: int | None = None,
    checked: bool = False,
    reason: str | None = None,
) -> Request:
    """A command as the executor takes it.

    The content is what the key stands for: who asks, for what; not the version seen before.
    `checked`, the actor must have the right to ask it. `reason` is for whoever has to confirm it.
    """
    key = key or new_id()
    said: tuple[object, ...] = (actor, command.slug(), _told(command))
    if cleared := command.cleared():
        said = *said, cleared
    content, older = _digest(said), None
    if command.day_end() is not None:  # once the same as its beginning
        content, older = _digest((*said, "day")), content
    return Request(
        command,
        key,
        content,
        actor,
        correlation or key,
        causation,
        expected,
        older,
        checked,
        numbered=command.numbering,
        reason=reason,
    )


def _digest(said: tuple[object, ...]) -> bytes:
    return hashlib.sha256(msgspec.json.encode(said)).digest()


def _told(command: Command) -> str:
    """What a command says, as the build said it that knew no more fields than it names."""
    values = command.__dict__
    plain = {name for name, default in _added(type(command)) if values[name] == default}
    return command.model_dump_json(exclude=plain)


@cache
def _added(kind: type[Command]) -> tuple[tuple[str, object], ...]:
    return tuple((name, kind.model_fields[name].default) for name in kind.added)
