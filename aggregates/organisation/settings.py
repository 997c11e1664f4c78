"""What a company has settled for itself: every version of it, and from when on each is in force."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self

from aggregates import Aggregate, Event, Refused
from aggregates.calendar import format_instant
from aggregates.settings import SettingsModel


class SettingsChanged(Event):
    """Version `number`: all values as they are in force from `valid_from` on.

    `changed` names those that are set at that instant; the others were in force before.
    """

    number: int
    values: Mapping[str, Any]
    changed: tuple[str, ...]
    valid_from: datetime
    reason: str


class SettingsInPast(Refused):
    """What was decided was decided by the settings of its day."""


@dataclass(frozen=True)
class CompanySettings(Aggregate):
    """The versions of one model of settings; its id is the model's."""

    kind: ClassVar[str] = "settings"

    versions: tuple[SettingsChanged, ...] = ()

    def valid_at(self, at: datetime) -> SettingsChanged | None:
        """The version in force at an instant: of those that had begun the last, and of several
        from one instant on the newest. None is the defaults.
        """
        begun = (one for one in self.versions if one.valid_from <= at)
        return max(begun, key=lambda one: (one.valid_from, one.number), default=None)

    def scheduled(self, after: datetime) -> list[SettingsChanged]:
        """The versions that come into force after an instant, in that order."""
        newest = {one.valid_from: one for one in self.versions if one.valid_from > after}
        return [newest[at] for at in sorted(newest)]

    def change(
        self,
        model: type[SettingsModel],
        told: Mapping[str, Any],
        valid_from: datetime | None,
        at: datetime,
        reason: str,
    ) -> Iterator[SettingsChanged]:
        """Set what is told from an instant on: now, unless told otherwise.

        It stays set in the versions that are scheduled for later, up to the first that sets it
        itself, so that no version undoes what it does not name.
        """
        since = valid_from or at
        before = self.valid_at(since)
        if before is not None and _repeated(before, told, valid_from, reason):
            return
        if since < at:
            raise SettingsInPast(
                f"{format_instant(since)} has passed: it is {format_instant(at)}, and what was"
                " decided until now stays as it was. Give a valid_from that lies ahead, or leave"
                " it out to change the settings now.",
                f"{format_instant(since)} 已过：现在是 {format_instant(at)}，"
                "此前已做的决定保持不变。请填写将来的生效时间；不填则立即生效。",
            )
        values, changed = model().values(), tuple(told)
        if before is not None:
            values |= before.values
            if before.valid_from == since:
                changed = *before.changed, *(name for name in told if name not in before.changed)
        number = len(self.versions) + 1
        yield _version(model, number, {**values, **told}, changed, since, reason)
        carried = dict(told)
        for later in self.scheduled(since):
            carried = {name: v for name, v in carried.items() if name not in later.changed}
            if not carried:
                return
            number += 1
            news = {**later.values, **carried}
            yield _version(model, number, news, later.changed, later.valid_from, reason)

    @property
    def dimensions(self) -> Mapping[str, str]:
        return {}

    def evolve(self, event: SettingsChanged) -> Self:
        return type(self)((*self.versions, event))


def _version(
    model: type[SettingsModel],
    number: int,
    values: Mapping[str, Any],
    changed: Sequence[str],
    valid_from: datetime,
    reason: str,
) -> SettingsChanged:
    model.of(values).check()
    return SettingsChanged(number, values, tuple(changed), valid_from, reason)


def _repeated(
    before: SettingsChanged, told: Mapping[str, Any], valid_from: datetime | None, reason: str
) -> bool:
    """Whether that very change was made: then asking again changes nothing."""
    same = all(name in before.changed and before.values[name] == told[name] for name in told)
    return same and before.reason == reason and valid_from in (None, before.valid_from)
