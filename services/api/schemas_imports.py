"""The shapes of imports, as the OpenAPI document shows them."""

from typing import Literal

from pydantic import Field

from services.api.schemas import Shape


class RowFault(Shape):
    """What is wrong with a row; a rule said no, or it could not be read."""

    row: int | None = None
    column: str | None = None
    value: str | None = None
    rule: str | None = None
    message: str


class Import(Shape):
    """How far an import is, and what became of its rows."""

    id: str = Field(description="The correlation id of its events is `import:` and this.")
    command: str
    name: str = Field(description="Of the file: rows of one name are known again.")
    by: str
    dry_run: bool
    state: Literal["waiting", "running", "done", "failed", "undone"] = Field(
        description="A `failed` one took nothing, or cannot be read to its end."
    )
    done: int = Field(description="Rows that were asked for so far.")
    total: int | None
    accepted: int
    repeated: int = Field(description="Known before, or from a run that was cut off.")
    waiting: int = Field(description="Kept until a second person confirms them: `GET /requests`.")
    refused: int
    invalid: int = Field(description="Rows that no command could be made of.")
    events: int
    faults: list[RowFault] = Field(description="The first 1,000.")
    notes: list[str]
    asked_at: str
    ended_at: str | None


class Imports(Shape):
    """The latest imports, without their faults."""

    data: list[Import]


class Stays(Shape):
    """What of an import stays: an event, and why it is not taken back."""

    stream: str
    position: int
    message: str


class Undo(Shape):
    """How far the undo of an import is; its events have `undo:` and its id as correlation."""

    id: str = Field(description="The import's.")
    by: str
    partial: bool
    state: Literal["waiting", "running", "done", "kept", "failed"] = Field(
        description="Of a `kept` one something stays: all of it, unless it was `partial`."
    )
    done: int = Field(description="Rows that were taken back or stay, so far.")
    total: int | None = Field(description="Rows that were found, so far.")
    undone: int
    stay: int
    kept: list[Stays] = Field(description="The first 1,000 of what stays.")
    fault: str | None
    asked_at: str
    ended_at: str | None
