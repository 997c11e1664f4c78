"""Whether it lives, whether it can work, and how far everything is."""

from enum import Enum
from typing import Any

from fastapi import FastAPI, Response
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.concurrency import run_in_threadpool

from infra.clock import iso
from infra.group import GroupCommit
from infra.migrate import at_head
from projections.engine import parking, progress, rollup_failures, worker_errors
from projections.engine.progress import LOG
from projections.engine.rollup_failures import RollupFailure
from projections.engine.worker_errors import WorkerError
from services.access.actions import operate
from services.api import schemas
from services.api.freshness import measured_all, snapshot
from services.api.guards import needs
from services.api.json_answer import json_answer
from services.api.live import Live
from services.bootstrap import PROCESSES, Platform
from services.notices import deliveries, destinations, notifier
from services.processes import deadlines, holds, positions, refusals
from services.processes import parking as process_parking

BEGIN = {
    "documentation": "/docs",
    "openapi": "/openapi.json",
    "status": "/status",
    "parked": "/parked",
    "deadlines": "/deadlines",
    "funnel": "/funnel",
    "stock": "/stock",
    "rankings": "/rankings/dealers",
    "events": "/events",
    "stream": "/events/stream",
}


def system_status(platform: Platform) -> dict[str, Any]:
    """How far log, Kafka, views and processes are, and what was parked or refused."""
    with snapshot(platform.database) as connection:
        head = platform.store.head(connection).position
        published = progress.published(connection, platform.store.log).get(LOG)
        views: dict[str, Any] = {}
        others: dict[str, dict[str, int]] = {}
        for view, (stand, fresh) in measured_all(platform, connection).items():
            views[view] = {"generation": stand.generation, **fresh.lag()}
            for log, position in stand.heard.items():
                if log != platform.store.log:
                    others.setdefault(log, {})[view] = position
        parked = [parking.shown(row) for row in progress.parked_summary(connection)]
        now = platform.database.now(connection)
        errors = [_worker_error(row) for row in worker_errors.every(connection, now)]
        failures = [_rollup_failure(row) for row in rollup_failures.every(connection)]
        asked = [each.name for each in PROCESSES]
        processes = {name: _process(platform, connection, name, head) for name in asked}
        for one in PROCESSES:
            found = deadline_status(platform, connection, one.name) if one.purposes else None
            processes[one.name]["deadlines"] = found
    return {
        "log": platform.store.log,
        "head": head,
        "published": None if published is None else published.position,
        "views": views,
        "others": others,
        "parked": parked,
        "worker_errors": errors,
        "rollup_failures": failures,
        "processes": processes,
    }


def _worker_error(row: WorkerError) -> dict[str, Any]:
    return {**row._asdict(), "since": iso(row.since), "tried_at": iso(row.tried_at)}


def _rollup_failure(row: RollupFailure) -> dict[str, Any]:
    return {**row._asdict(), "since": iso(row.since)}


def _process(platform: Platform, connection: Connection, name: str, head: int) -> dict[str, Any]:
    log = platform.store.log
    position = positions.of(connection, name, log)
    lag = {"position": position, "lag_events": head - position}
    rows = process_parking.summary(connection, [name], log)
    parked = {
        "parked_events": sum(row.events for row in rows),
        "parked": [parking.shown(row) for row in rows],
    }
    return {**lag, **refusals.summary(connection, name, log), **parked}


def notice_status(platform: Platform) -> dict[str, Any]:
    """How far people were told, what is still to be sent, and where nobody takes it.

    It stands apart: who feeds read models may not read where people are sent notices.
    """
    with snapshot(platform.database) as connection:
        head = platform.store.head(connection).position
        told = notifier.position(connection, platform.store.log)
        failing = [one for one in destinations.those_of(connection) if one.failures]
        counts = deliveries.counts(connection, platform.store.log)
    return {
        "position": told,
        "lag_events": 0 if told is None else head - told,
        **counts,
        "failing": [{"account": one.account, **destinations.shown(one)} for one in failing],
    }


def deadline_status(platform: Platform, connection: Connection, process: str) -> dict[str, Any]:
    """How many deadlines wait and are due, and whether they are held."""
    log = platform.store.log
    now = platform.database.now(connection)
    counts = deadlines.counts(connection, process, log, now)
    hold = holds.of(connection, process, log) or holds.DeadlineHold("", now, now, 0, 0)
    return {
        **counts._asdict(),
        "first": None if counts.first is None else iso(counts.first),
        "fired": hold.fired,
        "skipped": hold.skipped,
        "held": hold.held or None,
        "since": iso(hold.since) if hold.held else None,
    }


class Probes:
    def __init__(self, platform: Platform, group: GroupCommit, live: Live) -> None:
        self.platform, self.group, self.live = platform, group, live

    async def status(self) -> Response:
        """Positions and lag of views and processes, what was parked or refused, what waits."""
        found = await run_in_threadpool(system_status, self.platform)
        found["notices"] = await run_in_threadpool(notice_status, self.platform)
        log = self.platform.access_log
        notes = {"waiting": log.depth, "lost": log.lost}
        here = {"queue": self.group.depth, "streams": self.live.open, "access_notes": notes}
        return json_answer({**found, **here})

    async def live_probe(self) -> Response:
        """Whether the process runs."""
        return json_answer({"ready": True, "detail": "alive"})

    async def ready_probe(self) -> Response:
        """Whether it can take commands: the database answers, with the tables of this build."""
        ready, detail = await run_in_threadpool(self._ready)
        return json_answer({"ready": ready, "detail": detail}, 200 if ready else 503)

    def _ready(self) -> tuple[bool, str]:
        try:
            if at_head(self.platform.database):
                return True, "ready"
        except (DBAPIError, PoolTimeout):
            return False, "The database does not answer: check that it runs."
        return False, "The tables are not those of this build: run `distributary migrate`."

    async def root(self) -> Response:
        """Where to begin."""
        return json_answer({"name": "Distributary", "log": self.platform.store.log, "links": BEGIN})


def add(app: FastAPI, platform: Platform, group: GroupCommit, live: Live) -> None:
    probes = Probes(platform, group, live)
    tags: list[str | Enum] = ["platform"]
    wrong = schemas.problems(401, 503)
    not_ready: dict[int | str, dict[str, Any]] = {
        503: {"model": schemas.Ready, "description": "Not yet; `detail` says what is missing."}
    }
    app.add_api_route("/", probes.root, tags=tags)
    app.add_api_route("/livez", probes.live_probe, tags=tags, response_model=schemas.Ready)
    app.add_api_route(
        "/readyz", probes.ready_probe, tags=tags, response_model=schemas.Ready, responses=not_ready
    )
    app.add_api_route(
        "/status",
        probes.status,
        tags=tags,
        dependencies=[needs(operate("status"))],
        response_model=schemas.Status,
        responses=wrong,
    )
