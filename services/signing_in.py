"""Whether an account may sign in at all, by whatever it proves itself with."""

from commands.authorisation import may_act
from services.bootstrap import Platform


def may_sign_in(platform: Platform, account: str) -> bool:
    """As the log is now."""
    return platform.states.ask(lambda load: may_act(load, account))
