"""Routes are analysed by their first use, and are the framework's own from then on."""

from asking import Asking
from fastapi import FastAPI
from fastapi.routing import APIRoute

from services.api.late_route import LateRoute


def shop(kind: type[APIRoute]) -> FastAPI:
    app = FastAPI()
    app.router.route_class = kind

    @app.get("/teas/{number}", responses={404: {"description": "There is none."}})
    def tea(number: int, cups: int = 1) -> dict[str, int]:
        """How many cups of it."""
        return {"number": number, "cups": cups}

    @app.post("/teas", status_code=201)
    def brew(kind: str, hot: bool = True) -> list[str]:
        return [kind, str(hot)]

    return app


def analysed(app: FastAPI) -> list[str]:
    every = [one for one in app.routes if isinstance(one, APIRoute)]
    return [one.path for one in every if "dependant" in vars(one)]


def test_a_route_is_analysed_when_it_is_first_asked() -> None:
    app = shop(LateRoute)
    client = Asking(app)
    assert analysed(app) == []
    assert client.get("/nowhere").status_code == 404
    assert client.put("/teas").status_code == 405
    assert analysed(app) == []
    assert client.get("/teas/7?cups=2").json() == {"number": 7, "cups": 2}
    assert client.get("/teas/seven").status_code == 422
    assert analysed(app) == ["/teas/{number}"]


def test_the_document_is_that_of_routes_analysed_at_once() -> None:
    assert shop(LateRoute).openapi() == shop(APIRoute).openapi()


def test_what_no_route_has_is_missing() -> None:
    (route, *_) = (one for one in shop(LateRoute).routes if isinstance(one, LateRoute))
    assert not hasattr(route, "colour")
    assert route.name == "tea"
