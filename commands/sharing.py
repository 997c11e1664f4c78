"""With whom customers are shared: looked up in the log, by what each customer is now."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from aggregates.customers.customer import Customer
from aggregates.customers.share import Share
from aggregates.operations.register import Register
from aggregates.organisation.account import Scope
from aggregates.organisation.department import Department
from aggregates.organisation.region import Region
from aggregates.organisation.rights import Paths, Rights
from aggregates.organisation.sharing import SharingRuleDetails
from aggregates.organisation.sharing_rule import SharingRule
from commands import Load
from commands.plain import upwards


class Grantee(NamedTuple):
    """Whom something may be shared with: a person, and where that person works."""

    person: str
    departments: frozenset[str]
    """The person's own, and all above it."""

    def meant_by(self, rule: SharingRuleDetails) -> bool:
        return rule.with_person == self.person or rule.with_department in self.departments


def grantee(load: Load, rights: Rights) -> Grantee | None:
    """As whom an account is shared with; None where it is no person's."""
    if rights.person is None:
        return None
    above = (upwards(load, Department, "parent", team) for team in rights.teams)
    return Grantee(rights.person, frozenset(one for each in above for one in each))


def rules_for(load: Load, who: Grantee) -> Iterator[tuple[str, SharingRuleDetails]]:
    """The rules in force that share with somebody."""
    register: Register = load(Register, SharingRule.plural)
    for name in register.ids.values():
        rule = load(SharingRule, name).in_force
        if rule is not None and who.meant_by(rule):
            yield name, rule


def reaches(
    load: Load, rights: Rights, scopes: Sequence[Scope], thing: Paths | None, *, working: bool
) -> bool:
    """Whether a thing is within one of the scopes, or shared with whoever has any of them."""
    if any(rights.within(scope, thing) for scope in scopes):
        return True
    return bool(scopes) and is_shared(load, rights, thing, working=working)


def is_shared(load: Load, rights: Rights, thing: Paths | None, *, working: bool) -> bool:
    """Whether a thing is shared with whoever has the rights, to be seen or to be worked with."""
    return any(reasons(load, rights, thing, working=working))


def reasons(load: Load, rights: Rights, thing: Paths | None, *, working: bool) -> Iterator[str]:
    """The shares and rules by which it is: those of the customer that the thing hangs on."""
    who = grantee(load, rights)
    if who is None:
        return
    for customer in (thing or {}).get("dealer", ()):
        ids = [Share.id_of(customer, who.person)]
        ids += [Share.id_of(customer, None, one) for one in sorted(who.departments)]
        for one in ids:
            if load(Share, one).permits(load.now, working=working):
                yield Share.stream(one)
        known: Mapping[str, frozenset[str]] | None = None
        for name, rule in rules_for(load, who):
            known = known or values(load, load(Customer, customer))
            if rule.permits(working=working) and rule.fits(known):
                yield SharingRule.stream(name)


def values(load: Load, customer: Customer) -> Mapping[str, frozenset[str]]:
    """What a rule may name of a customer, with all that lie above in the trees."""
    above: Any = {
        "in_department": upwards(load, Department, "parent", customer.department or None),
        "in_region": upwards(load, Region, "parent", customer.region or None),
        "importance": filter(None, [customer.importance]),
        "customer_kind": filter(None, [customer.customer_kind]),
        "in_pool": [customer.pooled.pool] if customer.pooled else (),
    }
    return {name: frozenset(found) for name, found in above.items()}
