"""The shape of an export's manifest, as the OpenAPI document shows it."""

from typing import Literal

from pydantic import Field, JsonValue

from services.api.schemas import Shape


class Manifest(Shape):
    """What a file was of; the same question as of the same position gives the same bytes."""

    id: str
    state: Literal["unfinished", "complete"]
    begun_at: str
    what: str = Field(examples=["customers"])
    parameters: dict[str, JsonValue] = Field(description="As they were asked.")
    by: str = Field(description="Who asked.")
    format: Literal["csv", "xlsx", "ndjson", "parquet"]
    language: str | None = Field(description="Of the labels; null where columns have names.")
    log: str
    position: int = Field(description="All rows are as of this position.")
    as_of: str | None = Field(description="And as of this instant, where one was asked.")
    day: str = Field(description="The business day that ages and days of cover are counted to.")
    words: str | None = Field(None, description="What a list was asked for, in words.")
    where: str | None = Field(
        None, description="Asks for the same conditions again, on whatever day."
    )
    rows: int | None
    totals: dict[str, JsonValue] | None = Field(
        description="The sum of each figure; by currency where the rows have one."
    )
    bytes: int | None
    sha256: str | None = Field(description="Of the bytes, before any Content-Encoding.")
