"""The settings that can be tried, each with what it would have been otherwise with them."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from aggregates.inventory.reservations import ReservationSettings
from aggregates.loyalty.earning import EarningSettings
from aggregates.loyalty.member import Member
from aggregates.orders.order import SalesOrder
from aggregates.settings import SettingsModel
from commands.organisation.settings import values_model
from services.bootstrap import Platform
from services.whatif import points, reservations
from services.whatif.period import ReplayedPeriod, Watch


class PeriodReport(Protocol):
    """Told what is tried, and whom to tell how far it is."""

    def __call__(
        self, platform: Platform, period: ReplayedPeriod, told: dict[str, Any], watch: Watch = ...
    ) -> dict[str, Any]: ...


class Tried(NamedTuple):
    """`part` is what its report is called; `kind` is what is decided anew."""

    model: type[SettingsModel]
    part: str
    kind: str
    report: PeriodReport

    def values(self, told: Any) -> dict[str, Any]:
        """The values that are tried, as a change of settings would have them."""
        checked = values_model(self.model).model_validate(told)
        return checked.model_dump(mode="json", exclude_unset=True)


TRIED: Mapping[str, Tried] = {
    one.model.id: one
    for one in (
        Tried(EarningSettings, "points", Member.kind, points.report),
        Tried(ReservationSettings, "reservations", SalesOrder.kind, reservations.report),
    )
}
"""Of others, what was decided cannot be decided anew."""
