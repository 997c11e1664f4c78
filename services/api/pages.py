"""The page of the API's documentation, whole without any other host."""

from importlib.resources import files

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

STATIC = "/docs/static"


def add(app: FastAPI) -> None:
    """Serve the page and its script, style and picture from an installed package."""
    app.mount(STATIC, StaticFiles(directory=str(files("fastapi_offline") / "static")))

    async def documentation() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url="/openapi.json",
            title="Distributary",
            swagger_js_url=f"{STATIC}/swagger-ui-bundle.js",
            swagger_css_url=f"{STATIC}/swagger-ui.css",
            swagger_favicon_url=f"{STATIC}/favicon.png",
        )

    app.add_api_route("/docs", documentation, include_in_schema=False)
