"""Whether an account may sign in at all, by whatever it proves itself with."""

from aggregates.operations.register import Register
from aggregates.organisation.account import Account
from aggregates.organisation.rep import Rep
from commands import Load
from commands.authorisation import ACCOUNTS
from services.bootstrap import Platform


def may_sign_in(platform: Platform, account: str) -> bool:
    """Not where it is closed or was never opened, nor where its person works here no more.

    While nobody has an account, whoever has a key may.
    """
    return platform.states.ask(lambda load: _may(load, account))


def _may(load: Load, name: str) -> bool:
    register: Register = load(Register, ACCOUNTS)
    if not register.ids:
        return True
    account: Account = load(Account, name)
    if account.opened is None or account.closed is not None:
        return False
    person = account.opened.person
    return person is None or load(Rep, person).left is None
