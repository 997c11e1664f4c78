"""What to do when Kafka does not let us in, or not do what we asked for."""

import re
from collections.abc import Iterator

REFUSED = {
    "TopicAuthorizationFailed": "read, write or make the topics that it needs",
    "GroupAuthorizationFailed": "join its consumer group",
    "ClusterAuthorizationFailed": "write to its topics, or administer the cluster",
}
"""What Kafka's authorizer refuses. Of a producer without any right it speaks as of the cluster."""
OF_LOGIN = "SaslAuthenticationFailed", "code=_AUTHENTICATION,"


class NotAdmitted(Exception):
    """A broker, or we, broke off the connection before anything was asked; says what to do."""


def what_to_do(error: BaseException, user: str | None = None) -> str | None:
    """One sentence about a refusal of Kafka; None of any other error."""
    who = f"the user {user}" if user else "our user"
    for one in _chain(error):
        if isinstance(one, NotAdmitted):
            return str(one)
        told = f"{type(one).__name__} {one}"
        for name, what in REFUSED.items():
            if _tells(told, name):
                return (
                    f"Kafka does not let {who} {what}: give the user its rights by"
                    " `distributary kafka-user set`, or name the topics that it has by"
                    " DISTRIBUTARY_TOPIC_PREFIX"
                )
        if any(name in told for name in OF_LOGIN):
            return wrong_password(who)
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what led to it, each once: an error that is raised again may lead to itself."""
    seen = set[int]()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _tells(told: str, name: str) -> bool:
    """kafka-python has an error's name as a class, confluent-kafka in capitals in its text."""
    capitals = re.sub(r"\B(?=[A-Z])", "_", name).upper()
    return name in told or capitals in told


def wrong_password(who: str) -> str:
    return (
        f"Kafka does not know {who} by that password: correct DISTRIBUTARY_KAFKA_USER and its"
        " password, or set them anew by `distributary kafka-user set`"
    )
