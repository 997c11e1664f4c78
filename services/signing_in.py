"""Whether an account may sign in at all, by whatever it proves itself with."""

from services.bootstrap import Platform


def may_sign_in(platform: Platform, account: str) -> bool:  # noqa: ARG001 - the log will tell
    return True
