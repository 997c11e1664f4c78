"""The web console: the files of its build, with nothing of any other site."""

from pathlib import Path

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from services.api.problems import Problem

BUILT = Path(__file__).parent.parent / "console" / "dist"
INDEX = "index.html"
HASHED = "assets/"
"""Below it a file's name has a digest of its content, so that it never changes."""
FOR_EVER = "public, max-age=31536000, immutable"
NOT_BUILT = (
    "The console is not built here: `make setup` builds it where it finds Node.js 20.19 or newer.",
    "此处尚未构建控制台：在可获得 Node.js 20.19 或更高版本的机器上运行 `make setup` 即可构建。",
)


class ConsoleFiles:
    """Any address that is no file is a page of the console, which finds its way by itself."""

    def __init__(self, folder: Path = BUILT) -> None:
        self.folder = folder
        self.files = StaticFiles(directory=folder, check_dir=False)

    async def answer(self, request: Request, path: str = "") -> Response:
        if not (self.folder / INDEX).is_file():
            raise Problem("not-found", NOT_BUILT)
        if path.startswith(HASHED):
            return await self._file(path, request, FOR_EVER)
        try:
            return await self._file(path or INDEX, request, "no-cache")
        except Problem:
            return await self._file(INDEX, request, "no-cache")

    async def _file(self, path: str, request: Request, cached: str) -> Response:
        try:
            found = await self.files.get_response(path, request.scope)
        except HTTPException as error:
            raise Problem("not-found") from error
        found.headers["Cache-Control"] = cached
        return found


async def to_the_console() -> Response:
    return RedirectResponse("/console/", 308)


def add(app: FastAPI, files: ConsoleFiles | None = None) -> None:
    """For anybody: they hold no data."""
    answer, methods = (files or ConsoleFiles()).answer, ["GET", "HEAD"]
    app.add_api_route("/console", to_the_console, include_in_schema=False)
    app.add_api_route("/console/{path:path}", answer, methods=methods, include_in_schema=False)
