"""An answer as JSON, as fast as it can be written."""

from collections.abc import Mapping
from typing import Any

import msgspec
from fastapi import Response


def json_answer(
    content: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    return Response(msgspec.json.encode(content), status, headers, "application/json")
