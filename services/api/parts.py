"""What the HTTP interface of a process is made of, and how it starts and ends."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from prometheus_client import CollectorRegistry

from infra.group import GroupCommit
from services.access.permissions import Permissions
from services.api import metrics
from services.api.credentials import Credentials
from services.api.exports import Exports
from services.api.live import Live
from services.api.refusal_notes import RefusalNotes
from services.bootstrap import Platform
from services.imports.working import Worker
from services.jobs.integrity import check
from services.jobs.runner import JobRunner
from services.jobs.what_if import try_all
from services.sign_ins import SignIns

LAST = 1.5
"""Seconds for what the queue still holds, after its askers were waited for."""


class Parts:
    """They share the platform, which outlives them."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.registry = CollectorRegistry()
        self.group = GroupCommit(
            platform.executor,
            waiting=platform.settings.queue,
            heard=metrics.Commits(self.registry).heard,
            traced=platform.tracing,
        )
        self.permissions = Permissions(platform)
        self.streams, self.exports = Live(platform, self.permissions), Exports(platform)
        self.importer = Worker(platform)
        self.jobs = JobRunner(platform, {"what-if": try_all, "integrity": check})
        self.credentials, self.access_log = Credentials(platform), platform.access_log
        self.refusals = RefusalNotes(self.access_log, self.credentials.addresses)
        self.sign_ins = SignIns(platform, self.credentials.sessions, self.access_log)

    @asynccontextmanager
    async def running(self, _: object) -> AsyncIterator[None]:
        self.group.start()
        self.importer.start()
        self.jobs.start()
        self.access_log.start()
        self.credentials.keeper.start()
        yield
        self.streams.stop()
        self.exports.stop()
        self.jobs.leave()
        self.importer.stop(LAST)
        self.jobs.stop(LAST)
        self.group.stop(LAST)
        self.credentials.keeper.stop(LAST)
        self.access_log.stop(LAST)

    def show(self, state: Any) -> None:
        """Let whoever answers a request find them."""
        state.live, state.exports = self.streams, self.exports
        state.access_log, state.credentials = self.access_log, self.credentials
        state.permissions, state.refusals = self.permissions, self.refusals
