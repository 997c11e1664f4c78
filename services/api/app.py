"""The HTTP interface: commands in, figures and events out, every address documented."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from prometheus_client import CollectorRegistry
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.types import ASGIApp

from aggregates.files.media_types import EXTENSIONS
from infra.group import GroupCommit
from services.access.permissions import Permissions
from services.api import (
    access,
    batches,
    calendars,
    catalogue,
    commands,
    deadlines,
    document,
    document_by_rights,
    events,
    exports,
    figures,
    files,
    imports,
    keys,
    live,
    metrics,
    notices,
    oidc,
    organisation,
    pages,
    parked,
    problems,
    rankings,
    records,
    sessions,
    settings,
    status,
    timelines,
    undos,
)
from services.api.accepts import Offers
from services.api.credentials import Credentials
from services.api.exports import Exports
from services.api.fast_path import CommandFastPath
from services.api.gate import IMPORTS, UPLOADS, AuthMiddleware
from services.api.live import Live
from services.api.refusal_notes import RefusalNotes
from services.api.sessions import SessionRoutes
from services.bootstrap import Platform
from services.exports.formats import FORMATS
from services.imports.working import Worker
from services.sign_ins import SignIns

if TYPE_CHECKING:
    from infra.tracing import Tracing

VERSION = "0.1.0"
ABOUT = """\
Every change is an event; every figure is a sum of events, and can be asked *why* and *as of when*.

**Commands** are POSTed with an `Idempotency-Key`: the same key takes effect once, for ever. The
answer's `position` can be passed to any read as `min_position`, which waits until the read sees it.
A command to a stream that exists needs `If-Match`, but for stock, members and the files of a thing;
a row of a batch has `expected` in its place. Instants are RFC 3339 with an offset; a day such as
`2026-01-05` is some time on it in `occurred_at`: its beginning, or after what came before; and its
end in `as_of` and `known_at`.

**Money** is in minor units of its currency (fen, cents); whole numbers have up to 64 bits.
**Business days** are those of the company's time zone (`DISTRIBUTARY_ZONE`; China, unless set).

**Problems** are RFC 9457 `application/problem+json`; each `type` is a page that explains it, and
`title` and `detail` follow Accept-Language (en, zh-CN).
"""

LAST = 1.5
"""Seconds for what the queue still holds, after its askers were waited for."""
SMALL = 2_000
"""Bytes of an answer that is not worth being compressed."""
LEVEL = 5
NONE_OF_ITS_OWN: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "auto_configure": False,
}


class Api(FastAPI):
    """`doors` stand before the framework's own layers, so that a command need not pass those."""

    doors: Callable[[ASGIApp], ASGIApp] = staticmethod(lambda inner: inner)

    def build_middleware_stack(self) -> ASGIApp:
        return self.doors(super().build_middleware_stack())


def build(platform: Platform) -> Api:
    """The application; it opens and closes its own queue, and leaves the platform open."""
    queue = platform.settings.queue
    registry = CollectorRegistry()
    heard = metrics.Commits(registry).heard
    tracing = platform.tracing
    group = GroupCommit(platform.executor, waiting=queue, heard=heard, traced=tracing)
    permissions = Permissions(platform)
    streams, exported = Live(platform, permissions), Exports(platform)
    importer = Worker(platform)
    credentials, access_log = Credentials(platform), platform.access_log
    refusals = RefusalNotes(access_log, credentials.addresses)
    sign_ins = SignIns(platform, credentials.sessions, access_log)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        group.start()
        importer.start()
        access_log.start()
        credentials.keeper.start()
        yield
        streams.stop()
        exported.stop()
        importer.stop(LAST)
        group.stop(LAST)
        credentials.keeper.stop(LAST)
        access_log.stop(LAST)

    app = Api(
        title="Distributary",
        version=VERSION,
        description=ABOUT,
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=NONE_OF_ITS_OWN,
    )
    commands.add(app, group, permissions.states)
    batches.add(app, group)
    figures.add(app, platform, exported)
    rankings.add(app, platform, exported)
    records.add(app, platform, exported)
    timelines.add(app, platform, exported, permissions.states)
    calendars.add(app, platform)
    files.add(app, platform, permissions.states)
    exports.add(app, exported)
    imports.add(app, platform, importer)
    undos.add(app, platform, importer)
    catalogue.add(app)
    settings.add(app, platform)
    live.add(app, streams)
    events.add(app, platform, permissions.states)
    status.add(app, platform, group, streams)
    metrics.add(app, registry, platform, group, streams)
    parked.add(app, platform)
    deadlines.add(app, platform, permissions.states)
    notices.add(app, platform, permissions.states)
    keys.add(app, credentials, access_log)
    signing = SessionRoutes(credentials, sign_ins)
    sessions.add(app, signing)
    oidc.add(app, signing)
    access.add(app, platform)
    organisation.add(app, platform)
    pages.add(app)
    problems.install(app)
    offers = Offers(app.routes)
    app.doors = lambda inner: traced(
        AuthMiddleware(
            CommandFastPath(_packing(inner), group, permissions.states),
            credentials,
            platform.settings.body_limit,
            offers,
            {
                IMPORTS: platform.settings.import_limit,
                UPLOADS: platform.settings.file_limit,
            },
            refusals,
        ),
        tracing,
    )
    app.state.live, app.state.exports = streams, exported
    app.state.access_log, app.state.credentials = access_log, credentials
    app.state.permissions, app.state.refusals = permissions, refusals
    document.install(app)
    document_by_rights.install(app)
    return app


def _packing(app: ASGIApp) -> ASGIApp:
    """Compresses large answers, but for files that are compressed by themselves."""
    packed = (
        *DEFAULT_EXCLUDED_CONTENT_TYPES,
        *EXTENSIONS,
        *(FORMATS[n].media_type for n in ("xlsx", "parquet")),
    )
    return GZipMiddleware(app, SMALL, LEVEL, exclude_content_types=packed)


def traced(app: ASGIApp, tracing: "Tracing | None") -> ASGIApp:
    if tracing is None:
        return app
    from services.api.traced import TracingMiddleware  # here: OpenTelemetry's SDK is an extra

    return TracingMiddleware(app, tracing)
