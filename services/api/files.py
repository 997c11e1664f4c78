"""Files come in by their content, and are read by whoever may see what they hang on."""

import hashlib
from collections.abc import Callable
from pathlib import Path as FilePath
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from fastapi import FastAPI, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from aggregates import Aggregate, Refused
from aggregates.files.attachments import Attached, Attachments, looked_up_as
from aggregates.files.file import File
from aggregates.files.media_types import EXTENSIONS, IMAGES
from commands import Load
from commands.authorisation import action_of
from commands.files.attachments import AttachFile, Digest, FileName
from infra.states import States
from services.access import visible
from services.access.actions import reading
from services.access.permissions import GRANTED
from services.api import file_sending, schemas
from services.api.file_sending import FileToSend
from services.api.guards import needs, signed_in
from services.api.json_answer import json_answer
from services.api.problems import Problem
from services.bootstrap import RECORDS, Platform
from services.files import keeping
from services.files.content import BadContent
from services.files.keeping import IncomingFile, KeptFile
from services.files.uploads import QuotaReached

ThingId = Annotated[str, Path(max_length=200, pattern=r"^[^\x00/]+$")]
DigestInPath = Annotated[Digest, Path(description="The SHA-256 of the content.")]
THUMBNAIL = "image/jpeg"
NO_FILE = "There is no such file.", "没有这样的文件。"


class Uploading(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: FileName = Field(description="What the file is called.", examples=["合同.pdf"])


class Reading(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    of: str | None = Field(
        None,
        max_length=300,
        pattern=r"^[a-z]+/[^\x00/]+$",
        description="What it hangs on, as `order/O-100`. Whoever has uploaded a file that hangs"
        " on nothing leaves it out.",
        examples=["order/O-100"],
    )


class FileShape(schemas.Shape):
    digest: str
    file_name: str
    media_type: str
    size: int
    has_thumbnail: bool


class AttachedShape(FileShape):
    note: str | None


class AttachedFiles(schemas.Shape):
    data: list[AttachedShape]


class FileRoutes:
    def __init__(self, platform: Platform, states: States) -> None:
        self.platform, self.states = platform, states

    async def upload(self, request: Request, asked: Annotated[Uploading, Query()]) -> Response:
        """Send a file, as the body of the request and nothing around it.

        Its type is found in its content. The same content again is kept once; so an upload that
        was cut off is simply sent again. Nobody else can read it until it is attached to
        something: `POST /commands/attach-file`. What hangs on nothing is removed after a day,
        unless the settings say otherwise.
        """
        file_sending.allow_time(request)
        incoming = await run_in_threadpool(self.platform.files.incoming)
        with TemporaryDirectory(prefix="distributary-", dir=incoming) as folder:
            sent = await _received(request, FilePath(folder) / "content")
            kept = await run_in_threadpool(self._keep, sent, asked.name, request.scope["actor"])
        shown = _shown(kept.digest, asked.name, kept.media_type, kept.size)
        return json_answer(shown, 201, {"Location": f"/files/{kept.digest}"})

    def _keep(self, sent: IncomingFile, file_name: str, account: str) -> KeptFile:
        try:
            return keeping.keep(self.platform, sent, file_name, account)
        except (BadContent, Refused) as error:
            raise Problem("bad-file", (str(error), error.zh)) from error
        except QuotaReached as error:
            raise _no_room(error) from error

    async def content(
        self, request: Request, digest: DigestInPath, asked: Annotated[Reading, Query()]
    ) -> Response:
        """The content of a file that hangs on something, in whole or in part.

        It is there for whoever may see what it hangs on; what hangs on nothing, for whoever has
        uploaded it.
        """
        file, attached = await run_in_threadpool(self._found, digest, asked.of)
        what = FileToSend(keeping.key(digest, file.copy), file.media_type, attached.file_name)
        return await file_sending.answer(request, self.platform.files, what)

    async def thumbnail(
        self, request: Request, digest: DigestInPath, asked: Annotated[Reading, Query()]
    ) -> Response:
        """A small JPEG of a photo: upright, and without what the camera wrote beside it."""
        file, attached = await run_in_threadpool(self._found, digest, asked.of)
        if file.media_type not in IMAGES:
            raise Problem("not-found", NO_FILE)
        name = f"{attached.file_name.rpartition('.')[0]}.jpg"
        what = FileToSend(keeping.thumbnail_key(digest, file.copy), THUMBNAIL, name)
        return await file_sending.answer(request, self.platform.files, what)

    def _found(self, digest: str, of: str | None) -> tuple[File, Attached]:
        """The file, and how it hangs there; a problem where whoever asks may not see it."""
        file = keeping.state(self.platform, digest)
        if of is None:
            if not file.kept or not self._own(digest, file):
                raise Problem("not-found", NO_FILE)
            return file, Attached(f"{digest}{EXTENSIONS[file.media_type][0]}", "", 0)
        kind, _, thing = of.partition("/")
        attached = self._attached(kind, thing).get(digest)
        if attached is None or not file.kept:
            raise Problem("not-found", NO_FILE)
        return file, attached

    def _own(self, digest: str, file: File) -> bool:
        """Whether it hangs on nothing yet, and whoever asks has uploaded it."""
        platform, granted = self.platform, GRANTED.get()
        if granted.limited and granted.actor not in file.uploaders:
            return False
        with platform.database.read() as connection:
            return not keeping.named_by(platform, connection, digest)

    def _attached(self, kind: str, id: str) -> dict[str, Attached]:
        """The files of a thing; a problem where there is none that whoever asks may see."""
        found = Aggregate.kinds.get(kind)
        if found is None or looked_up_as(kind) is None:
            raise Problem("not-found", NO_FILE)
        there, files = self.states.ask(_files_of(found, id))
        stream = Attachments.stream(Attachments.id_of(kind, id))
        if not there or not visible.streams(self.states, GRANTED.get(), [stream]):
            raise Problem("not-found", (f"There is no {kind} {id}.", f"没有 {kind} {id}。"))
        return files

    async def list(self, kind: str, id: str) -> Response:
        files = await run_in_threadpool(self._attached, kind, id)
        rows = [
            {**_shown(digest, one.file_name, one.media_type, one.size), "note": one.note}
            for digest, one in files.items()
        ]
        return json_answer({"data": rows})


def _files_of(kind: type[Aggregate], id: str) -> Callable[[Load], tuple[bool, dict[str, Attached]]]:
    def ask(load: Load) -> tuple[bool, dict[str, Attached]]:
        attachments: Attachments = load(Attachments, Attachments.id_of(kind.kind, id))
        return load(kind, id) != kind(), dict(attachments.files)

    return ask


def _no_room(error: QuotaReached) -> Problem:
    whose = f"{error.whose} has" if error.whose else "All files together have"
    en = (
        f"{whose} {error.used} of {error.limit} bytes, and the file takes {error.size} more."
        " Detach files that nobody needs, or ask an operator for more room."
    )
    zh = (
        f"{error.whose or '全部文件'}已使用 {error.used} 字节，上限 {error.limit} 字节，"
        f"该文件还需 {error.size} 字节。请移除不需要的文件，或联系运维人员增加空间。"
    )
    said = en, zh
    return Problem("quota-reached", said, used=error.used, limit=error.limit, size=error.size)


async def _received(request: Request, place: FilePath) -> IncomingFile:
    """The body in a file of its own, which is never in memory as a whole."""
    digest, size = hashlib.sha256(), 0
    with place.open("wb") as file:
        async for chunk in request.stream():
            digest.update(chunk)
            size += len(chunk)
            await run_in_threadpool(file.write, chunk)
    return IncomingFile(place, digest.hexdigest(), size)


def _shown(digest: str, file_name: str, media_type: str, size: int) -> dict[str, Any]:
    return {
        "digest": digest,
        "file_name": file_name,
        "media_type": media_type,
        "size": size,
        "has_thumbnail": media_type in IMAGES,
    }


def add(app: FastAPI, platform: Platform, states: States) -> None:
    found = FileRoutes(platform, states)
    body = {"schema": {"type": "string", "format": "binary"}}
    app.add_api_route(
        "/files",
        found.upload,
        methods=["POST"],
        status_code=201,
        tags=["files"],
        dependencies=[needs(action_of(AttachFile))],
        summary="Upload a file",
        response_model=FileShape,
        responses=schemas.problems(400, 401, 403, 413, 422, 503, 507),
        openapi_extra={"requestBody": {"required": True, "content": _any_type(body)}},
    )
    for path, endpoint, types in (
        ("/files/{digest}", found.content, [*EXTENSIONS]),
        ("/files/{digest}/thumbnail", found.thumbnail, [THUMBNAIL]),
    ):
        content = dict.fromkeys(types, body)
        app.add_api_route(
            path,
            endpoint,
            tags=["files"],
            dependencies=[signed_in()],
            response_class=Response,
            responses={
                **schemas.problems(400, 401, 404, 416, 500, 503),
                200: {"content": content},
                206: {"content": content, "description": "The bytes that Range asked for."},
                304: {"description": "The asker has it: If-None-Match."},
            },
        )
    for record in RECORDS:
        if looked_up_as(record.kind.kind) is not None:
            _add_list(app, found, record.name, record.kind.kind)


def _any_type(body: dict[str, Any]) -> dict[str, Any]:
    return dict.fromkeys(("application/octet-stream", *EXTENSIONS), body)


def _add_list(app: FastAPI, found: FileRoutes, name: str, kind: str) -> None:
    async def files(id: ThingId) -> Response:
        return await found.list(kind, id)

    said = "The files that hang on it, in the order in which they were attached."
    app.add_api_route(
        f"/{name}/{{id}}/files",
        files,
        tags=["files"],
        dependencies=[needs(reading(kind))],
        response_model=AttachedFiles,
        summary=said,
        description=said,
        operation_id=f"{name}_files",
        responses=schemas.problems(400, 401, 403, 404, 503),
    )
