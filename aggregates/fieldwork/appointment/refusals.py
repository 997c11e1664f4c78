"""Why an appointment is not taken, changed or ended."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aggregates import Refused
from aggregates.calendar import format_instant

LONGEST = timedelta(days=31)
"""So long an appointment may last."""


class EndsBeforeItStarts(Refused):
    """An appointment lasts for some time."""


class LastsTooLong(Refused):
    """Nobody sets months aside."""


class AppointmentEnded(Refused):
    """What was held or cancelled stays as it was."""


class NotBegunYet(Refused):
    """Nothing was held that has not begun."""


class UnknownZone(Refused):
    """A clock goes by a time zone that there is."""


def known_zone(name: str) -> None:
    """Refuse what is no time zone of the IANA database."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownZone(
            f"{name} is no time zone. Give its name, such as Asia/Shanghai.",
            f"{name} 不是时区。请填写时区名称，例如 Asia/Shanghai。",
        ) from None


def ends_before_it_starts(starts_at: datetime, ends_at: datetime) -> EndsBeforeItStarts:
    start, end = format_instant(starts_at), format_instant(ends_at)
    return EndsBeforeItStarts(
        f"It would end at {end}, and begins at {start}. Give a later end.",
        f"结束时间 {end} 不晚于开始时间 {start}。请填写更晚的结束时间。",
    )


def lasts_too_long(starts_at: datetime) -> LastsTooLong:
    last = format_instant(starts_at + LONGEST)
    return LastsTooLong(
        f"An appointment lasts {LONGEST.days} days at most. Give an end up to {last}, and plan"
        " several for what lasts longer.",
        f"日程最长 {LONGEST.days} 天。结束时间请不晚于 {last}；更长的安排请分为多个日程。",
    )


def ended(status: str, why: str | None) -> AppointmentEnded:
    en = f"This appointment was {status}" + (f" ({why})" if why else "")
    zh = f"此日程{'已完成' if status == 'held' else '已取消'}" + (f"（{why}）" if why else "")
    return AppointmentEnded(f"{en}. Plan another.", f"{zh}。请另行安排。")


def not_begun_yet(starts_at: datetime, at: datetime) -> NotBegunYet:
    start, now = format_instant(starts_at), format_instant(at)
    return NotBegunYet(
        f"It begins at {start}, and it is {now}. Move it to when it took place, or wait.",
        f"此日程 {start} 开始，现在是 {now}。请改到实际时间，或届时再填写。",
    )
