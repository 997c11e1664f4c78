"""The OpenAPI document: grouped by context, labelled in both languages, open where anybody is."""

from collections.abc import Iterable, Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from commands import Command
from projections.engine.figure import Figure
from services import bootstrap, context_of, labels
from services.api import figure_shapes, schemas
from services.api.accepts import UNASKED
from services.api.credentials import COOKIE
from services.api.gate import OPEN, TO_SIGN_IN
from services.api.rankings import PATH
from services.catalogue.requests import labelled

NOT_ACCEPTABLE = "#/components/responses/NotAcceptable"
CHINESE = "x-label-zh-CN"
TAGS = [
    {"name": "batch", "description": "Many commands at once."},
    {"name": "imports", "description": "Files of CSV or XLSX, each row a command."},
    {"name": "files", "description": "Photos and contracts that hang on things."},
    {"name": "exports", "description": "Files of lists and figures, with their manifests."},
    {"name": "events", "description": "The log: paged, one by one, or as a stream."},
    {"name": "settings", "description": "What a company decides for itself, and since when."},
    {"name": "access", "description": "Signing in: sessions, passwords, API keys, and their log."},
    {"name": "platform", "description": "Is it alive, is it ready, how far is it?"},
]
SECURITY_SCHEMES = {
    "key": {"type": "http", "scheme": "bearer", "description": "An API key."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": "What POST /sessions sets; over https `__Host-` stands before the name.",
    },
    "csrf": {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRF-Token",
        "description": "The token of the session: every change under a session needs it.",
    },
}
Document = dict[str, Any]


def install(app: FastAPI) -> None:
    """Have the application answer with the document that is made here, once."""

    def openapi() -> Document:
        if app.openapi_schema is None:
            app.openapi_schema = _made(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _made(app: FastAPI) -> Document:
    made = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        tags=[*_contexts(), *TAGS],
        routes=app.routes,
    )
    made["components"]["securitySchemes"] = SECURITY_SCHEMES
    made["security"] = [{"key": []}, {"session": [], "csrf": []}]
    made["components"]["schemas"] |= schemas.problem_shapes()
    made["components"]["responses"] = {"NotAcceptable": schemas.problem(406)}
    _open_to_all(made)
    _grouped(made["paths"])
    _labelled(made)
    return made


def _contexts() -> Iterator[Document]:
    for context in bootstrap.CONTEXTS:
        english, chinese = (labels.of("context", context.name, one) for one in labels.LANGUAGES)
        about = f"{english}. {context_of.about(context)}"
        yield {"name": context.name, "description": about, CHINESE: chinese}


def _open_to_all(document: Document) -> None:
    """Say who may pass, and that nothing is invalid in FastAPI's own way."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            asked = method.upper(), path
            if path in OPEN or asked in TO_SIGN_IN or path.startswith("/problems/"):
                operation["security"] = []
            answers = operation["responses"]
            if path not in UNASKED:
                answers["406"] = {"$ref": NOT_ACCEPTABLE}
            if "HTTPValidationError" in str(answers.get("422")):
                del answers["422"]  # the status and the shape are those of our problems


def _grouped(paths: Document) -> None:
    """Put each operation of the business under its context."""
    homes = {f"/commands/{slug}": context_of.of_command(slug) for slug in Command.known}
    homes |= {f"/{r.name}": context_of.of_kind(r.kind.kind) for r in bootstrap.RECORDS}
    for figure in bootstrap.FIGURES:
        home = context_of.of_view(figure.view.name)
        homes |= {_path(figure): home, f"{_path(figure)}/why": home}
    for path, operations in paths.items():
        known = path if path in homes else path.partition("/{")[0]
        for operation in operations.values() if known in homes else ():
            operation["tags"] = [homes[known]]


def _path(figure: Figure) -> str:
    """The address as the document has it: one of all boards."""
    return PATH if figure.ranked else figure.address


def _labelled(document: Document) -> None:
    """Give the fields of commands, records and figures their labels as titles."""
    paths, shapes = document["paths"], document["components"]["schemas"]
    for slug in Command.known:
        body = paths[f"/commands/{slug}"]["post"]["requestBody"]["content"]["application/json"]
        _titled(labelled(shapes[_named(body["schema"])], slug, shapes))
    for record in bootstrap.RECORDS:
        _titled(labelled(shapes[f"{record.name.title()}Row"], record.name, shapes))
        _asked(record.name, paths[f"/{record.name}"]["get"])
    for figure in bootstrap.FIGURES:
        _titled(labelled(shapes[figure_shapes.row(figure).__name__], figure.name, shapes))
        _asked(figure.name, paths[_path(figure)]["get"])


def _asked(owner: str, operation: Document) -> None:
    fields = {one["name"]: one["schema"] for one in operation["parameters"]}
    _titled((f"{owner}.{name}", schema) for name, schema in fields.items())


def _named(schema: Document) -> str:
    name: str = schema["$ref"].rpartition("/")[2]
    return name


def _titled(fields: Iterable[tuple[str, Document]]) -> None:
    for path, schema in fields:
        schema["title"], schema[CHINESE] = (
            labels.of("field", path, language) for language in labels.LANGUAGES
        )
