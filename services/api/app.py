"""The HTTP interface: commands in, figures and events out, every address documented."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.types import ASGIApp, Lifespan

from aggregates.files.media_types import EXTENSIONS
from services.api import (
    access,
    batches,
    calendar_addresses,
    calendars,
    catalogue,
    commands,
    console,
    deadlines,
    demo_sign_in,
    destination_deliveries,
    destinations,
    document,
    document_by_rights,
    dossiers,
    duplicates,
    events,
    exports,
    figures,
    files,
    imports,
    jobs,
    keys,
    live,
    metrics,
    notices,
    oidc,
    order_progress,
    organisation,
    pages,
    papers,
    parameters,
    parked,
    point_lots,
    preferences,
    prices,
    problems,
    rankings,
    records,
    request_differences,
    sessions,
    settings,
    status,
    timelines,
    undos,
    whatif,
)
from services.api.accepts import Offers
from services.api.fast_path import CommandFastPath
from services.api.gate import IMPORTS, UPLOADS, AuthMiddleware
from services.api.late_route import LateRoute
from services.api.parts import Parts
from services.api.router import Router
from services.api.sessions import SessionRoutes
from services.bootstrap import Platform
from services.dossiers import DOSSIERS
from services.exports.formats import FORMATS

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

    def __init__(self, lifespan: Lifespan[Any], **described: Any) -> None:
        parameters.keep_all()
        super().__init__(**described)
        self.router = Router(
            route_class=LateRoute,
            redirect_slashes=False,
            dependency_overrides_provider=self,
            lifespan=lifespan,
        )

    def build_middleware_stack(self) -> ASGIApp:
        return self.doors(super().build_middleware_stack())


def build(platform: Platform, *, demo: bool = False) -> Api:
    """The application; it opens and closes its own queue, and leaves the platform open.

    People of the `demo` company sign in with one click.
    """
    parts = Parts(platform)
    app = Api(
        title="Distributary",
        version=VERSION,
        description=ABOUT,
        lifespan=parts.running,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        telemetry=NONE_OF_ITS_OWN,
    )
    _add_routes(app, parts, demo=demo)
    problems.install(app)
    app.doors = _doors(parts, Offers(app.routes))
    parts.show(app.state)
    document.install(app)
    document_by_rights.install(app)
    return app


def _add_routes(app: Api, parts: Parts, *, demo: bool) -> None:
    platform, permissions, exported = parts.platform, parts.permissions, parts.exports
    commands.add(app, parts.group, permissions.states)
    batches.add(app, parts.group)
    figures.add(app, platform, exported)
    rankings.add(app, platform, exported)
    records.add(app, platform, exported)
    request_differences.add(app, platform)
    duplicates.add(app, platform)
    for dossier in DOSSIERS:
        dossiers.add(app, platform, dossier)
    timelines.add(app, platform, exported, permissions.states)
    calendars.add(app, platform)
    calendar_addresses.add(app, parts.credentials, parts.access_log)
    prices.add(app, platform)
    order_progress.add(app, platform)
    point_lots.add(app, platform)
    papers.add(app, platform, exported)
    files.add(app, platform, permissions.states)
    exports.add(app, exported)
    imports.add(app, platform, parts.importer)
    undos.add(app, platform, parts.importer)
    catalogue.add(app)
    settings.add(app, platform)
    whatif.add(app, platform)
    jobs.add(app, platform, parts.jobs)
    live.add(app, parts.streams)
    events.add(app, platform, permissions.states)
    status.add(app, platform, parts.group, parts.streams)
    metrics.add(app, parts.registry, platform, parts.group, parts.streams)
    parked.add(app, platform)
    deadlines.add(app, platform, permissions.states)
    notices.add(app, platform, permissions.states)
    destinations.add(app, platform)
    destination_deliveries.add(app, platform, permissions.states)
    preferences.add(app, platform)
    keys.add(app, parts.credentials, parts.access_log)
    signing = SessionRoutes(parts.credentials, parts.sign_ins)
    sessions.add(app, signing)
    oidc.add(app, signing)
    demo_sign_in.add(app, demo_sign_in.DemoSignInRoutes(signing, offered=demo))
    access.add(app, platform)
    organisation.add(app, platform)
    pages.add(app)
    console.add(app)


def _doors(parts: Parts, offers: Offers) -> Callable[[ASGIApp], ASGIApp]:
    """What a request passes before the framework: who asks, and the short way of a command."""
    known = parts.platform.settings
    larger = {IMPORTS: known.import_limit, UPLOADS: known.file_limit}

    def doors(inner: ASGIApp) -> ASGIApp:
        swift = CommandFastPath(_packing(inner), parts.group, parts.permissions.states)
        checked = AuthMiddleware(
            swift,
            parts.credentials,
            known.body_limit,
            offers,
            larger,
            parts.refusals,
            parts.platform.limits.request,
        )
        return traced(checked, parts.platform.tracing)

    return doors


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
