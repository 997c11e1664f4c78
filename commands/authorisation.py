"""Whether whoever asks may ask it, of this very thing: looked up in the log, as it decides.

It is asked before a command decides, in the same batch, so that no right is older than the log.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, ClassVar

from aggregates import OWN_ID, Aggregate, Refused, Unknown
from aggregates.customers.customer import Customer
from aggregates.customers.portfolio import Portfolio
from aggregates.customers.share import Share
from aggregates.files.attachments import looked_up_as
from aggregates.files.file import File
from aggregates.leads.lead import Lead
from aggregates.loyalty.member import Member
from aggregates.mentions import NAMED, PLACE
from aggregates.notices.subscription import Subscriptions
from aggregates.operations.register import Register
from aggregates.opportunities.opportunity import Opportunity
from aggregates.orders.order import SalesOrder
from aggregates.organisation.account import Account, Scope
from aggregates.organisation.built_in_roles import BUILT_IN
from aggregates.organisation.department import Department
from aggregates.organisation.grants import listed
from aggregates.organisation.position import Position
from aggregates.organisation.region import Region
from aggregates.organisation.rep import Rep
from aggregates.organisation.rights import EVERYTHING, Given, Paths, Rights
from aggregates.organisation.role import Role
from aggregates.plain import Plain
from aggregates.words import in_chinese
from commands import Command, Load
from commands.files.attachments import AttachFile, AttachmentCommand
from commands.plain import upwards
from commands.sharing import reaches

ACCOUNTS = "accounts"
"""The register of all accounts: from the first one on, nobody acts without one."""
MOST_KNOWN = 10_000
TREES: Mapping[str, type[Plain[Any]]] = {"department": Department, "region": Region}
SEVERAL = {"customers": "customer", "dealers": "customer", "opportunities": "opportunity"}
"""What a command may name several of at once."""
SCOPED: Mapping[str, type[Aggregate]] = {
    "customer": Customer,
    "order": SalesOrder,
    "opportunity": Opportunity,
    "lead": Lead,
    "member": Member,
    "rep": Rep,
    PLACE: Customer,
}
"""What a command may name that lies within somebody's scope, by what its field is called."""


class Forbidden(Refused):
    """The account has no right to it."""

    hides: ClassVar[bool] = True


class OutOfScope(Unknown):
    """What lies beyond the scope of who asks is to him as if it were not there."""

    hides: ClassVar[bool] = True


def authorise(load: Load, actor: str, command: Command) -> None:
    """Raise `Forbidden`, or `OutOfScope`, where the actor may not ask this command."""
    if isinstance(command, AttachFile) and rights_now(load, actor) is not None:
        _own_upload(load, actor, command)
    check_rights(load, actor, command)


def rights_now(load: Load, actor: str) -> Rights | None:
    """The rights of an actor, made once for many commands."""
    return load.remember((rights_of, actor), lambda load: rights_of(load, actor))


def check_rights(load: Load, actor: str, command: Command) -> None:
    """Raise the same where no role grants it, whoever has sent what the command names."""
    rights = rights_now(load, actor)
    if rights is None:
        return
    for action in _actions(command):
        _check(load, rights, actor, command, action)


def may_always_ask(load: Load, actor: str, command: type[Command]) -> bool:
    """Whether the actor may ask every command of a kind, whatever it names."""
    if issubclass(command, AttachmentCommand):  # what the file hangs on is to be looked at
        return False
    rights = rights_now(load, actor)
    return rights is None or EVERYTHING in rights.reach(action_of(command))


def _check(load: Load, rights: Rights, actor: str, command: Command, action: str) -> None:
    scopes = rights.reach(action)
    if not scopes:
        raise Forbidden(
            f"{actor} may not {command.slug()}: no role of the account grants {action}."
            " Ask whoever gives roles.",
            f"{actor} 无权执行 {command.slug()}：该账号的角色未授予 {action}。"
            "请联系负责授权的人员。",
        )
    if EVERYTHING in scopes:
        return
    for kind, name in things_of(load, command):
        if kind is Account and command.aggregate is Subscriptions and name == actor:
            continue  # what an account is told of is its own, whatever its scope
        thing = paths(load, kind, name)
        if not _reaches(load, rights, scopes, thing, type(command)):
            raise OutOfScope(
                f"There is no {kind.kind} {name} within your scope. Check the id, or ask whoever"
                " gives roles.",
                f"您的范围内没有{in_chinese(kind.kind)} {name}。请检查编号，或联系负责授权的人员。",
            )
    if place := command.begins_in():
        _check_place(load, rights, scopes, command, place)


def _check_place(
    load: Load,
    rights: Rights,
    scopes: Sequence[Scope],
    command: Command,
    place: Mapping[str, str],
) -> None:
    """Refuse to begin what whoever asks it would not reach, in a department or region named."""
    above = _paths(load, place)
    if any(rights.within_named(scope, above) for scope in scopes):
        return
    where = ", ".join(f"{name} {value}" for name, value in place.items() if value)
    raise OutOfScope(
        f"{command.slug()} for {where or 'the whole company'} reaches beyond your scope. Name what"
        " lies within it, or ask whoever gives roles.",
        f"{command.slug()}（{where or '全公司'}）超出您的范围。"
        "请填写范围内的部门、区域或人员，或联系负责授权的人员。",
    )


def _actions(command: Command) -> Iterator[str]:
    """What must be granted of everything that the command names."""
    yield action_of(type(command))
    if isinstance(command, AttachmentCommand) and (name := looked_up_as(command.kind)):
        yield f"read:{context_of(Aggregate.kinds[command.kind])}/{name}"


def _own_upload(load: Load, actor: str, command: AttachFile) -> None:
    """Refuse a content that somebody else has sent: whoever attaches a file can read it.

    Its digest alone gives nobody a right to it, and what was sent by two is kept once all the same.
    """
    file: File = load(File, command.file)
    if actor not in file.uploaders:
        raise OutOfScope(
            f"There is no file {command.file} that {actor} has uploaded. Upload it first:"
            " POST /files.",
            f"{actor} 没有上传过文件 {command.file}。请先上传：POST /files。",
        )


def may_ask(load: Load, rights: Rights | None, command: type[Command], id: str) -> bool:
    """Whether rights grant a command of that thing; what else it may name is not looked at."""
    if rights is None or EVERYTHING in rights.reach(action_of(command)):
        return True
    return may_ask_of(load, rights, command, paths(load, command.aggregate, id))


def may_ask_of(
    load: Load, rights: Rights | None, command: type[Command], thing: Paths | None
) -> bool:
    """Whether rights grant a command of what has those dimensions."""
    if rights is None:
        return True
    return _reaches(load, rights, rights.reach(action_of(command)), thing, command)


def _reaches(
    load: Load,
    rights: Rights,
    scopes: Sequence[Scope],
    thing: Paths | None,
    command: type[Command],
) -> bool:
    if command.by_share:
        return reaches(load, rights, scopes, thing, working=True)
    return any(rights.within(scope, thing) for scope in scopes)


@cache
def action_of(command: type[Command]) -> str:
    """What must be granted for it: `command:orders/draft-order`."""
    return f"command:{context_of(command.aggregate)}/{command.slug()}"


def context_of(kind: type[Aggregate]) -> str:
    return kind.__module__.split(".")[1]


def rights_of(load: Load, actor: str) -> Rights | None:
    """What the actor may do now; None where nobody has an account yet, and everybody may all."""
    register: Register = load(Register, ACCOUNTS)
    if not register.ids:
        return None
    account: Account = load(Account, actor)
    states: list[Any] = [account, *(load(Role, role) for role in account.roles)]
    if person := _person_of(account):
        rep: Rep = load(Rep, person)
        states += [rep, *(load(Position, position) for position in rep.positions)]
    known = _known.get(actor)
    if known is None or not _same(known[0], states):
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        known = _known[actor] = states, _made(actor, account, states)
    return known[1]


def given_to(load: Load, actor: str, rights: Rights) -> Iterator[tuple[str, Given]]:
    """What the actor's roles grant, by the name of each."""
    account: Account = load(Account, actor)
    yield from zip(account.roles, rights.given, strict=bool(rights.given))


_known: dict[str, tuple[list[Any], Rights]] = {}
"""By actor: the states that his rights were made of, which never change, and these."""


def _same(before: list[Any], now: list[Any]) -> bool:
    return len(before) == len(now) and all(a is b for a, b in zip(before, now, strict=True))


def may_act(load: Load, name: str) -> bool:
    """Whether an account is good for anything: it is open, and its person works here.

    While nobody has an account, every name is.
    """
    register: Register = load(Register, ACCOUNTS)
    account: Account = load(Account, name)
    person = _person_of(account)
    return not register.ids or _acts(account, load(Rep, person) if person else None)


def person_of(load: Load, actor: str) -> str | None:
    """The person whose account it is, or None."""
    return _person_of(load(Account, actor))


def _person_of(account: Account) -> str | None:
    return account.opened.person if account.opened else None


def _acts(account: Account, rep: Rep | None) -> bool:
    there = account.opened is not None and account.closed is None
    return there and (rep is None or rep.left is None)


def _made(actor: str, account: Account, states: list[Any]) -> Rights:
    person, count = _person_of(account), 1 + len(account.roles)
    roles, rest = states[1:count], states[count:]
    rep: Rep | None = rest[0] if person else None
    if not _acts(account, rep):
        return Rights(actor)
    pairs = zip(account.roles.items(), roles, strict=True)
    given = tuple(Given(_grants(name, role), scope) for (name, scope), role in pairs)
    return Rights(actor, given, person, _teams(rep, rest[1:]) if rep else ())


def _teams(rep: Rep, positions: Iterable[Position]) -> tuple[str, ...]:
    """The departments of the positions that a person fills; without any, where he works."""
    places = [one.now.department for one in positions if one.now is not None]
    return tuple(dict.fromkeys(places)) or (rep.department,)


def _grants(name: str, role: Role) -> tuple[str, ...]:
    """Those of a role of the company's own, or else of the built-in one of that name."""
    if role.closed is not None:
        return ()
    if role.now is not None:
        return tuple(listed(role.now.grants))
    return BUILT_IN.get(name, ())


def paths(load: Load, kind: type[Aggregate], name: str) -> Paths | None:
    """The dimensions of a thing, with all that lies above in the trees."""
    dimensions = load(kind, name).dimensions
    if dimensions is None:
        return None
    own = name.partition(":")[0]
    return _paths(
        load, {key: own if value == OWN_ID else value for key, value in dimensions.items()}
    )


def _paths(load: Load, values: Mapping[str, str]) -> Paths:
    return {key: frozenset(_upwards(load, key, value)) for key, value in values.items()}


def _upwards(load: Load, key: str, value: str) -> Iterator[str]:
    tree = TREES.get(key)
    if tree is not None:
        yield from upwards(load, tree, "parent", value or None)
    elif value:
        yield value


def things_of(load: Load, command: Command) -> Iterator[tuple[type[Aggregate], str]]:
    """The thing that is asked of, and those that the command names."""
    kind = command.aggregate
    name = command.stream.partition("-")[2]
    if kind is Portfolio:
        yield Customer, name
    elif kind is Share:
        pass  # the customer, which it names, says whose it is now
    elif kind.of_another:
        thing, name = kind.reached_by(name)
        if thing in Aggregate.kinds:
            yield Aggregate.kinds[thing], name
    elif not command.begins or load(kind, name) != kind():
        yield kind, name
    for field, value in command.__dict__.items():
        said = NAMED.get(field) or SEVERAL.get(field, "")
        named = SCOPED.get(said)
        if named is None or (named is Rep and not command.begins):
            continue  # whatever is one's own may be handed over to anybody
        for one in value if isinstance(value, tuple) else (value,):
            # A place that is no dealer is a warehouse, and everybody's.
            if not isinstance(one, str) or (said == PLACE and not load(Customer, one).registered):
                continue
            if field not in command.makes or load(named, one) != named():
                yield named, one
