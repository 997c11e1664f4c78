"""The shapes of answers about settings."""

from typing import Any

from pydantic import Field

from services.api.schemas import Instant, Shape

Values = dict[str, Any]


class SettingsVersionShape(Shape):
    """A version of some settings: all their values from `valid_from` on."""

    version: int
    valid_from: Instant
    values: Values
    changed: list[str] = Field(description="What this version sets; the rest was so before.")
    reason: str


class SettingsShape(Shape):
    """Settings as they are in force; `version` 0 is what the platform comes with."""

    id: str
    label: str
    context: str
    values: Values
    defaults: Values
    version: int
    valid_from: Instant | None
    next: SettingsVersionShape | None = Field(description="The next version that is scheduled.")
    changes: int = Field(description="Versions there are; what `If-Match` of a change names.")


class SettingsList(Shape):
    data: list[SettingsShape]


class SettingsStep(SettingsVersionShape):
    before: Values = Field(description="What was to hold from that instant on until then.")
    actor: str
    recorded_at: Instant
    position: int


class SettingsSteps(Shape):
    data: list[SettingsStep]
