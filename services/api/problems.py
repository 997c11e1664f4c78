"""Whatever goes wrong is answered as RFC 9457 problem+json, in the asker's language."""

import logging
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Self

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from infra.database import beyond_64_bits
from infra.files import StoreUnavailable
from infra.group import Overloaded
from infra.requests import KeyReused, Unavailable, VersionMismatch
from projections.engine import trees
from services import faults
from services.api.problem_kinds import LANGUAGES, PROBLEMS, language
from services.faults import Fault
from services.filter_values import NoSuchValue
from services.strict_json import fault_in

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
BY_STATUS = {404: "not-found", 405: "method-not-allowed"}
FIGURE = re.compile(r"\{(\w+)\}")
RETRY = {"Retry-After": "1"}
TOO_LONG = "Write numbers with fewer digits.", "请减少数字的位数。"
UNREAD = "The body did not come whole. Send it again.", "请求体没有完整到达。请重新发送。"


class Problem(HTTPException):
    """A problem of the catalogue; `facts` are its own members, and fill its words.

    `said`, in English and in Chinese, stands in place of the catalogue's own sentence; `errors`
    are the faults of single fields.
    """

    def __init__(
        self,
        slug: str,
        said: tuple[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        errors: Sequence[Fault] = (),
        **facts: Any,
    ) -> None:
        super().__init__(PROBLEMS[slug].status, said[0] if said else slug, headers)
        self.slug = slug
        self.said = said
        self.errors = errors
        self.facts = facts
        self.hides: str | None = None
        """The stream that is there, and that the asker may not see."""
        self.is_noted = False
        """Whether the log of access has it already."""

    def hiding(self, stream: str) -> Self:
        self.hides = stream
        return self

    def content(self, accepted: str | None) -> dict[str, Any]:
        kind = PROBLEMS[self.slug]
        spoken = language(accepted)
        words = kind.words(spoken)
        facts: defaultdict[str, Any] = defaultdict(str, self.facts)
        said = self.said[LANGUAGES.index(spoken)] if self.said else None
        told = [fault.shown(LANGUAGES.index(spoken)) for fault in self.errors]
        return {
            "type": f"/problems/{self.slug}",
            "title": words.title,
            "status": kind.status,
            "detail": said or words.detail.format_map(facts),
            **self.facts,
            **({"errors": told} if told else {}),
        }

    def response(self, accepted: str | None) -> Response:
        """The answer; its words are in the language that was accepted."""
        headers = {**(self.headers or {}), "Content-Language": language(accepted)}
        body = msgspec.json.encode(self.content(accepted))
        return Response(body, self.status_code, headers, MEDIA_TYPE)


def of(error: Exception) -> Problem:
    """The problem that an exception means; what nobody foresaw is `internal`."""
    match error:
        case Problem():
            return error
        case KeyReused():
            return Problem("key-reused")
        case NoSuchValue():
            return wrong(error.name, "unknown_value", str(error), error.zh)
        case Overloaded():
            return Problem("overloaded", headers=RETRY)
        case DBAPIError() if beyond_64_bits(error):
            return Problem("figure-too-large")
        case Unavailable() | PoolTimeout() | DBAPIError():
            return Problem("unavailable", headers=RETRY)
        case StoreUnavailable():
            log.error("files cannot be kept or read: %s", error)
            return Problem("no-file-store", headers=RETRY)
        case HTTPException(status_code=400):
            return unreadable(error.__cause__)
        case HTTPException(status_code=status):
            return Problem(BY_STATUS.get(status, "not-found"), headers=error.headers)
        case _:
            return Problem("internal")


def unfit(field: str, en: str, zh: str) -> Problem:
    """A field of a body that does not fit what is there."""
    fault = Fault({"pointer": f"#/{field}"}, "unfit", (en, zh), field)
    return Problem("invalid-body", (en, zh), errors=[fault])


def wrong(parameter: str, code: str, en: str, zh: str) -> Problem:
    """A query parameter that can be read and makes no sense."""
    fault = Fault({"parameter": parameter}, code, (en, zh), parameter.partition(".")[0])
    return Problem("invalid-parameter", (en, zh), errors=[fault])


def header(name: str, en: str, zh: str) -> Problem:
    """A header that cannot be read, and what it must be."""
    kind = PROBLEMS["invalid-header"]
    words = en, zh
    said = [
        kind.words(spoken).detail.format(header=name, wanted=wanted)
        for spoken, wanted in zip(LANGUAGES, words, strict=True)
    ]
    return Problem("invalid-header", (said[0], said[1]), header=name, wanted=en)


def mismatch(
    error: VersionMismatch, stream: str, expected: int | None, *, row: bool = False
) -> Problem:
    """Somebody was faster; or, where nothing was expected, the asker has seen nothing.

    A `row` of a batch has no headers: it says itself what it has seen.
    """
    now: dict[str, Any] = {"stream": stream, "version": error.version}
    headers = {"ETag": f'"{error.version}"'}
    if expected is None:
        said = _in_row(stream, error.version) if row else None
        return Problem("if-match-required", said, headers=headers, **now)
    return Problem("version-mismatch", headers=headers, **now, expected=expected)


def _in_row(stream: str, version: int) -> tuple[str, str]:
    return (
        f'{stream} exists and is at version {version}. Give the row "expected": {version},'
        ' or "expected": "*" to change it whatever its version.',
        f'{stream} 已存在，版本为 {version}。请在该行填写 "expected": {version}，'
        '或填写 "expected": "*" 不论版本直接修改。',
    )


def unreadable(cause: BaseException | None) -> Problem:
    """A body that the reader of JSON gave up on, for another reason than its grammar."""
    match cause:
        case UnicodeDecodeError(start=byte):
            return Problem("not-utf-8", byte=byte)
        case RecursionError():
            return Problem("nested-too-deeply")
        case ValueError():
            return Problem("malformed-json", TOO_LONG)
        case _:
            return Problem("malformed-json", UNREAD)


def invalid(
    errors: Sequence[Any], content_type: str | None = "application/json", owner: str = ""
) -> Problem:
    """What pydantic found wrong with a query, a header, a path or a body.

    `owner` is whose fields they are, for their labels: a command, a record or a figure.
    """
    first = errors[0]
    place, kind = first["loc"][0], first["type"]
    if kind == "json_invalid":
        return _malformed(first["loc"][1], first["ctx"]["error"])
    if place == "body":
        if not _is_json(content_type):
            return Problem("unsupported-media-type")
        told = faults.without_consequences(errors)
        return Problem("invalid-body", errors=[faults.of_body(error, owner) for error in told])
    unknown = [str(e["loc"][-1]) for e in errors if e["type"] == "extra_forbidden"]
    if unknown:
        return Problem("unknown-parameter", names=", ".join(unknown[:10]))
    return Problem(
        "invalid-parameter", errors=[faults.of_parameter(error, owner) for error in errors]
    )


def too_many_below(field: str) -> Problem:
    """More things lie below a value than can be looked for."""
    return wrong(
        f"{field}.under",
        "too_many",
        f"More than {trees.MOST:,} lie below. Name one that lies lower.",
        f"其下级超过 {trees.MOST:,} 个。请指定更低的一级。",
    )


def refuse_unsound(body: bytes, content_type: str) -> None:
    """Raise the problem of a body in which a field stands twice, or a number is none."""
    fault = fault_in(body) if _is_json(content_type) else None
    if fault is not None:
        path, code, en, zh = fault
        said = {"type": code, "loc": ("body", *path), "msg": en, "ctx": {"zh": zh}}
        raise invalid([said])


def _malformed(character: int, reason: str) -> Problem:
    kind = PROBLEMS["malformed-json"]
    en = kind.en.detail.format(character=character, reason=reason)
    zh = kind.zh.detail.format(character=character, reason=faults.of_json(reason))
    return Problem("malformed-json", (en, zh), character=character, reason=reason)


def _is_json(content_type: str | None) -> bool:
    name = (content_type or "").partition(";")[0].strip().lower()
    return name.startswith("application/") and name.endswith("json")


def accepted(request: Request) -> str | None:
    return request.headers.get("accept-language")


def install(app: FastAPI) -> None:
    """Answer every exception as a problem, and give each kind of problem its page."""

    async def answer(request: Request, error: Exception) -> Response:
        problem = of(error)
        request.app.state.refusals.note(request.scope, problem)
        return problem.response(accepted(request))

    async def validation(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        owner = request.url.path.rpartition("/")[2]
        found = invalid(error.errors(), request.headers.get("content-type"), owner)
        return found.response(accepted(request))

    for kind in (
        HTTPException,
        KeyReused,
        NoSuchValue,
        Overloaded,
        Unavailable,
        PoolTimeout,
        DBAPIError,
        StoreUnavailable,
    ):
        app.add_exception_handler(kind, answer)
    app.add_exception_handler(Exception, answer)
    app.add_exception_handler(RequestValidationError, validation)
    app.add_api_route(
        "/problems/{slug}",
        _page,
        tags=["platform"],
        response_class=HTMLResponse,
        responses={404: {"description": "There is no such problem.", "content": {MEDIA_TYPE: {}}}},
    )


def _general(detail: str) -> str:
    """Of no problem in particular: where a figure would stand is its name."""
    return FIGURE.sub(r"<em>\1</em>", escape(detail))


async def _page(request: Request, slug: str) -> Response:
    """Explain a kind of problem, as a page for people."""
    if slug not in PROBLEMS:
        raise Problem("not-found")
    spoken, kind = language(accepted(request)), PROBLEMS[slug]
    words = kind.words(spoken)
    body = (
        f'<!doctype html><html lang="{spoken}"><meta charset="utf-8">'
        f"<title>{escape(words.title)}</title><h1>{escape(words.title)}</h1>"
        f"<p>{_general(words.detail)}</p><p>HTTP {kind.status} · <code>/problems/{slug}</code></p>"
    )
    return Response(body, media_type="text/html", headers={"Content-Language": spoken})
