"""Keeps what FastAPI knows of models of parameters, however many there are.

It keeps that of 128, which it compares by identity: of more, the document of the API fails on
parameters that were read twice, and a request may read its own again.
"""

from functools import cache

from fastapi._compat.v2 import get_model_fields
from fastapi.dependencies import utils


def keep_all() -> None:
    utils.get_cached_model_fields = cache(get_model_fields)  # type: ignore[attr-defined]
