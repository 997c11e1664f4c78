"""Which way a deal goes by what kind of deal it is."""

from dataclasses import dataclass
from typing import Annotated

from aggregates import Refused
from aggregates.marks import names
from aggregates.settings import SettingsModel, named_twice


class BadDealTypes(Refused):
    """A type of deal has one pipeline."""


@dataclass(frozen=True)
class DealType:
    """Deals of this type go through the stages, probabilities and tasks of that pipeline."""

    deal_type: str
    pipeline: Annotated[str, names("pipeline")]


class DealTypes(SettingsModel, id="opportunities.deal_types"):
    """`types` are the types of deals, each with the pipeline that is its sales method."""

    types: tuple[DealType, ...] = ()

    def check(self) -> None:
        every = [one.deal_type for one in self.types]
        if twice := named_twice(every):
            raise BadDealTypes(
                f"{twice} has {every.count(twice)} pipelines. Give each type of deal one.",
                f"商机类型 {twice} 有 {every.count(twice)} 个销售流程。每种类型请只填写一个。",
            )

    def pipeline(self, deal_type: str) -> str:
        found = {one.deal_type: one.pipeline for one in self.types}
        if deal_type not in found:
            known, said = ", ".join(found) or "none", "、".join(found) or "无"
            raise BadDealTypes(
                f"There is no type of deal {deal_type}; there are: {known}. Choose one, or add it:"
                " change-settings opportunities.deal_types.",
                f"没有商机类型 {deal_type}；现有：{said}。请从中选择，或在设置"
                " opportunities.deal_types 中添加。",
            )
        return found[deal_type]
