"""Reviews of what people reached: the rating, what was said to it, and whether it is signed."""

from typing import Annotated, Any, Literal, NamedTuple

from aggregates.targets.review import PerformanceReview, Rating, ReviewSigned, ReviewWritten
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import INDEXED, INSTANT, names, taking
from projections.engine.scopes import BY_REP


class Row(NamedTuple):
    rep: Annotated[str, names("rep")] = ""
    department: Annotated[str, names("department")] = ""
    region: Annotated[str, names("region")] = ""
    period: Annotated[str, INDEXED] = ""
    rating: Annotated[Rating, INDEXED] = "meets"
    comment: str = ""
    figures_as_of: int | None = None
    status: Annotated[Literal["written", "signed"], INDEXED] = "written"
    answer: str | None = None
    written_by: Annotated[str, names("account")] = ""
    signed_by: Annotated[str | None, names("account")] = None
    written_at: Annotated[int, INSTANT] = 0
    signed_at: Annotated[int | None, INSTANT] = None


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    match event:
        case ReviewWritten():
            return taking(row, event)._replace(written_at=recorded.occurred_at)
        case ReviewSigned():
            return taking(row, event)._replace(status="signed", signed_at=recorded.occurred_at)
        case _:
            return taking(row, event)


record = Record("performance_reviews", PerformanceReview, Row, fold, scope=BY_REP)
