"""What is scanned: a barcode is one product, by the piece or by a pack of it."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from aggregates import Event
from aggregates.marks import names
from aggregates.plain import Closed, Details, Events, Plain, Registered, Withdrawn


@dataclass(frozen=True)
class BarcodeDetails(Details):
    product: Annotated[str, names("product")]
    unit: Annotated[str | None, names("unit")] = None


class BarcodeRegistered(BarcodeDetails, Registered, Event):
    pass


class BarcodeChanged(BarcodeDetails, Event):
    pass


class BarcodeClosed(Closed, Event):
    pass


class BarcodeReopened(Event):
    pass


class BarcodeWithdrawn(Withdrawn, Event):
    pass


@dataclass(frozen=True)
class Barcode(Plain[BarcodeDetails]):
    """A barcode stands for one product, or for so many of it as its unit says."""

    kind: ClassVar[str] = "barcode"
    plural = "barcodes"
    noun = ("barcode", "条码")
    details = BarcodeDetails
    events = Events(
        *(BarcodeRegistered, BarcodeChanged, BarcodeClosed),
        *(BarcodeReopened, BarcodeWithdrawn),
    )
