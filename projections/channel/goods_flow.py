"""Reports of where dealers' goods went, each as it was told last."""

from typing import Annotated, Any, NamedTuple

from aggregates.channel.goods_flow import FlowLine, GoodsFlow
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import INDEXED, INSTANT, names, taking


class Row(NamedTuple):
    dealer: Annotated[str, names("customer")] = ""
    revision: Annotated[int, INDEXED] = 0
    currency: str = ""
    lines: tuple[FlowLine, ...] = ()
    outside: Annotated[int, INDEXED] = 0
    agreement: Annotated[str | None, names("agreement")] = None
    reason: str | None = None
    flowed_at: Annotated[int, INSTANT, INDEXED] = 0


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    outside = sum(line.outside for line in event.lines)
    told = taking(row, event, "flowed_at", "outside")
    return told._replace(outside=outside, flowed_at=recorded.occurred_at)


record = Record("goods_flows", GoodsFlow, Row, fold, seen_with="dealer")
