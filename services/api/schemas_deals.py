"""The shapes of answers about deals over time, as the OpenAPI document shows them."""

from pydantic import Field

from services.api.schemas import Day, Instant, Page, Shape


class Counted(Shape):
    """Amounts are minor units of the currency (fen, cents)."""

    first: Day = Field(description="First business day of the period.")
    last: Day = Field(description="Last business day of the period, included.")
    pipeline: str
    currency: str
    opened: int
    opened_amount: int
    won: int
    won_amount: int
    lost: int
    lost_amount: int


class SeriesRow(Counted):
    win_rate_bp: int | None = Field(description="Basis points: 2500 is 25 %.")
    average_seconds_to_win: int | None
    median_seconds_to_win: int | None


class SeriesPage(Page):
    data: list[SeriesRow]


class Reached(Shape):
    stage: str
    deals: int


class CohortRow(Counted):
    open: int
    conversion_bp: int | None = Field(description="Won of those opened, in basis points.")
    reached: list[Reached]


class CohortsPage(Page):
    data: list[CohortRow]


class OpenDeal(Shape):
    stream: str = Field(description="GET /streams/{stream} tells its steps.")
    pipeline: str
    stage: str
    currency: str
    rep: str
    department: str
    region: str
    customer_kind: str
    source: str
    amount: int
    opened_at: Instant
    age_days: int


class OpenStage(Shape):
    pipeline: str
    stage: str
    currency: str
    deals: int
    amount: int
    average_age_days: int
    median_age_days: int
    oldest_age_days: int


class OpenPage(Page):
    data: list[OpenDeal]
    stages: list[OpenStage]


class TransitRow(Shape):
    location: str = Field(description="Where it is to arrive.")
    item: str
    transfer: str = Field(description="The transfer's id, or the shipment's.")
    from_location: str
    quantity: int = Field(description="What has not arrived and is not lost.")
    arrived: int
    lost: int
    since: Instant
    age_days: int


class TransitPage(Page):
    data: list[TransitRow]
