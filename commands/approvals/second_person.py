"""Which commands wait for a second person, and what is kept of one that does."""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from difflib import get_close_matches
from typing import Any, NamedTuple

from aggregates import OWN_ID, Aggregate, Event
from aggregates.approvals.request import ConfirmationRequested
from aggregates.approvals.second_person import SecondPersonSettings
from aggregates.mentions import ThingRef
from commands import Alone, Command, Load, Rehearsal
from commands.approvals.request import KeepRequest, refuse_refusal
from commands.authorisation import person_of, things_of
from commands.fields import Begun, fault
from commands.settings import InForce, in_force

DIGITS = 12
"""Of the id of a request: 60 bits of the digest of its key."""
WHY_ALONE: Mapping[Alone, tuple[str, str]] = {
    "signature": ("it is itself the word of one person", "该命令本身即个人的签署"),
    "process": ("a process asks it, and waits for nobody", "该命令由流程自动执行，不等待任何人"),
    "operation": ("it runs the platform, and is no business", "该命令属于平台运维，不是业务"),
}


def command_name(name: str) -> str:
    """The name, where a company may have that command confirmed by a second person."""
    command = Command.known.get(name)
    if command is None:
        near = next(iter(get_close_matches(name, Command.known, 1, 0)), "")
        raise fault(
            "unknown_command",
            "There is no command {name}. GET /catalogue lists all, such as {near}.",
            "没有命令 {name}。GET /catalogue 列出了全部命令，例如 {near}。",
            name=name,
            near=near,
        )
    if command.alone is not None:
        en, zh = WHY_ALONE[command.alone]
        raise fault(
            "decided_alone",
            f"{{name}} cannot wait for a second person: {en}. Leave it out.",
            f"{{name}} 不能由第二人确认：{zh}。请去掉此项。",
            name=name,
        )
    return name


def settings_now(load: Load) -> InForce[SecondPersonSettings]:
    """What a company wants confirmed, by the clock of the log."""

    def make(load: Load) -> InForce[SecondPersonSettings]:
        return in_force(load, SecondPersonSettings, load.now)

    return load.remember(SecondPersonSettings, make)


def waits(load: Load, command: type[Command]) -> bool:
    """Whether a company wants it confirmed by a second person."""
    return command.slug() in settings_now(load).settings.commands


class CommandEnvelope(NamedTuple):
    """What else was said of a command: under which key, of which version, why, and what of."""

    key: str
    version: int | None
    reason: str | None
    correlation: str


def kept_request(load: Load, command: Command, envelope: CommandEnvelope) -> KeepRequest | None:
    """What keeps a command until it is confirmed; None where it would change nothing.

    It is rehearsed, so that what cannot be done now is refused at once.
    """
    rehearsal = load.rehearse(command, load.actor)
    if not rehearsal.events:
        return None
    refuse_refusal(rehearsal.events)
    settings, number = settings_now(load)
    content, personal = _split(command, rehearsal.events)
    named = [ThingRef(kind.kind, name) for kind, name in things_of(load, command)]
    thing = thing_of(command)
    requested = ConfirmationRequested(
        command=command.slug(),
        content=content,
        of_person=personal,
        digest="",
        maker=load.actor,
        person=person_of(load, load.actor),
        thing=thing,
        mentioned=tuple(one for one in dict.fromkeys(named) if one != thing),
        version=envelope.version,
        dimensions=_dimensions(rehearsal),
        expires_at=load.now + timedelta(days=settings.days),
        reason=envelope.reason,
        settings=number,
        correlation=envelope.correlation,
    )
    digest = requested.computed_digest()
    return KeepRequest(id=request_id(envelope.key), requested=replace(requested, digest=digest))


def request_id(key: str) -> str:
    """The id of the request that was made under a key: the same whenever it is asked again."""
    digest = hashlib.sha256(key.encode()).digest()
    return f"RQ-{base64.b32encode(digest).decode()[:DIGITS]}"


def thing_of(command: Command) -> ThingRef:
    """What a command is asked of; what hangs on another thing is told by that."""
    return ThingRef(*command.aggregate.reached_by(command.stream.partition("-")[2]))


def _dimensions(rehearsal: Rehearsal) -> Mapping[str, str] | None:
    """Those of the thing as the command would leave it."""
    thing = thing_of(rehearsal.command)
    found = rehearsal.load(Aggregate.kinds[thing.kind], thing.id).dimensions
    if found is None:
        return None
    own = thing.id.partition(":")[0]
    return {name: own if value == OWN_ID else value for name, value in found.items()}


def _split(command: Command, events: Iterable[Event]) -> tuple[dict[str, Any], str]:
    """What a command says, and as JSON what of that its events keep as personal.

    Where such an event has its field under another name, all that is said counts as personal.
    """
    told = command.model_dump(mode="json", exclude_unset=True)
    for name, value in command.__dict__.items():
        if isinstance(value, Begun) and name in told:  # a day stays a day
            told[name] = value.date().isoformat()
    marked = {name for event in events for name in event.personal()}
    personal = told.keys() & marked if marked <= type(command).model_fields.keys() else told.keys()
    apart = {name: told[name] for name in told if name in personal}
    content = {name: value for name, value in told.items() if name not in personal}
    return content, json.dumps(apart, ensure_ascii=False) if apart else ""
