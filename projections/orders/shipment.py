"""Shipments: which goods of which order, who carries them, and how far they are."""

from typing import Annotated, Any, Literal, NamedTuple

from aggregates.orders.shipment import (
    PickedLine,
    Shipment,
    ShipmentDelivered,
    ShipmentDeliveryUndone,
    ShipmentDispatched,
    ShipmentPickCancelled,
    ShipmentPicked,
    ShipmentTrackingCorrected,
)
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import INDEXED, INSTANT, SEARCHED, names, taking
from projections.engine.scopes import OF_CUSTOMER

Stage = Literal["picked", "put_back", "dispatched", "arrived"]


class Row(NamedTuple):
    order: Annotated[str, names("order")] = ""
    shipment: Annotated[str, SEARCHED] = ""
    status: Annotated[Stage, INDEXED] = "picked"
    carrier: Annotated[str | None, INDEXED, SEARCHED] = None
    tracking_number: Annotated[str | None, INDEXED, SEARCHED] = None
    customer: Annotated[str, names("customer")] = ""
    warehouse: Annotated[str, names("warehouse")] = ""
    rep: Annotated[str, names("rep")] = ""
    department: Annotated[str, names("department")] = ""
    region: Annotated[str, names("region")] = ""
    picked_at: Annotated[int | None, INSTANT] = None
    dispatched_at: Annotated[int | None, INSTANT, INDEXED] = None
    arrived_at: Annotated[int | None, INSTANT] = None
    proof: Annotated[str | None, names("file")] = None
    note: str | None = None
    lines: tuple[PickedLine, ...] = ()


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    at = recorded.occurred_at
    match event:
        case ShipmentPicked():
            picked = taking(taking(row, event.consignment), event)
            return picked._replace(status="picked", picked_at=at)
        case ShipmentDispatched():
            sent = taking(taking(row, event.consignment), event)
            return sent._replace(status="dispatched", dispatched_at=at)
        case ShipmentPickCancelled(reason=reason):
            return row._replace(status="put_back", note=reason)
        case ShipmentTrackingCorrected():
            return taking(row, event)
        case ShipmentDelivered():
            return taking(row, event)._replace(status="arrived", arrived_at=at)
        case ShipmentDeliveryUndone():
            return row._replace(status="dispatched", arrived_at=None, proof=None, note=None)
    raise TypeError(f"{type(event).__name__} is no event of a shipment")


record = Record("shipments", Shipment, Row, fold, scope=OF_CUSTOMER)
