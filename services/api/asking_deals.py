"""What a reader may ask about deals over time."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from projections.engine.periods import Every
from services.api.asking import NO_NAMES, Names, PeriodQuery, ReadQuery, WhyQuery

Dimension = Literal["rep", "department", "region", "customer_kind", "source"]
NOTHING: list[Any] = []
BY = Field(max_length=7, description="Further dimensions; repeat it, or separate by commas.")
COMMAS = BeforeValidator(lambda values: [one for v in values for one in str(v).split(",")])


class Open(ReadQuery):
    pipeline: Names = NO_NAMES
    stage: Names = NO_NAMES
    rep: Names = NO_NAMES
    department: Names = NO_NAMES
    region: Names = NO_NAMES
    currency: Names = NO_NAMES
    customer_kind: Names = NO_NAMES
    source: Names = NO_NAMES


class Deals(Open, PeriodQuery):
    reason: Names = NO_NAMES


class Series(Deals):
    every: Every = Field("month", description="`period`: all days that are asked for in one.")
    by: Annotated[list[Dimension | Literal["stage", "reason"]], BY, COMMAS] = NOTHING


class Cohorts(Open, PeriodQuery):
    every: Every = Field("period", description="By when they were opened, in one or by period.")
    by: Annotated[list[Dimension], BY, COMMAS] = NOTHING


Measure = Literal[
    "opened", "opened_amount", "revalued", "moved", "won", "won_amount", "lost", "lost_amount"
]


class SeriesWhy(WhyQuery, Deals):
    measure: Measure | None = None


class CohortWhy(WhyQuery, Open, PeriodQuery):
    measure: Measure | None = None


class OpenWhy(WhyQuery, Open):
    measure: Measure | None = None
