"""What becomes of a request before it decides: it is refused, or it waits for a second person."""

from typing import cast

import msgspec

from commands import Command, Load
from commands.approvals.second_person import CommandEnvelope, kept_request, waits
from commands.authorisation import authorise, may_always_ask
from infra.requests import Request, VersionMismatch


def admit(load: Load, request: Request) -> Request:
    """The request, or the one that keeps it until a second person confirms it.

    Raises a refusal where its actor may not ask it.
    """
    command, actor = cast("Command", request.command), request.actor
    kind = type(command)
    if load.remember((passes, actor, kind), lambda load: passes(load, actor, kind)):
        return request
    authorise(load, actor, command)
    if not waits(load, kind):
        return request
    stream, expected = command.stream, request.expected
    now = load.version(command.aggregate, stream.partition("-")[2])
    if expected is not None and expected != now:
        raise VersionMismatch(stream, expected, now)
    envelope = CommandEnvelope(request.key, expected, request.reason, request.correlation_id)
    kept = kept_request(load, command, envelope)
    if kept is None:
        return request
    return msgspec.structs.replace(request, command=kept, expected=None, numbered=None)


def passes(load: Load, actor: str, command: type[Command]) -> bool:
    """Whether each command of the kind is admitted as it is, whatever it names."""
    return may_always_ask(load, actor, command) and not waits(load, command)
