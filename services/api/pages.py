"""The page of the API's documentation, whole without any other host."""

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

STATIC = "/docs/static"
OWN_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


@cache
def page() -> bytes:
    made = get_swagger_ui_html(
        openapi_url="/openapi.json",
        title="Distributary",
        swagger_js_url=f"{STATIC}/swagger-ui-bundle.js",
        swagger_css_url=f"{STATIC}/swagger-ui.css",
        swagger_favicon_url=f"{STATIC}/favicon.png",
    )
    return bytes(made.body)


@cache
def policy() -> bytes:
    """The page starts itself by a script within it, which is allowed by its digest alone."""
    digests = " ".join(f"'{_digest(script)}'" for script in OWN_SCRIPT.findall(page()))
    return (
        f"default-src 'self'; script-src 'self' {digests}; style-src 'self' 'unsafe-inline';"
        " img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'none'"
    ).encode()


def _digest(script: bytes) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(script).digest()).decode()


def add(app: FastAPI) -> None:
    """Serve the page and its script, style and picture from an installed package."""
    app.mount(STATIC, StaticFiles(directory=str(files("fastapi_offline") / "static")))

    async def documentation() -> HTMLResponse:
        return HTMLResponse(page())

    app.add_api_route("/docs", documentation, include_in_schema=False)
