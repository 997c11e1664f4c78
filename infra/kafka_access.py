"""Kafka's users and what each of them may do there, set by somebody who may set them."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from kafka import KafkaAdminClient
from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
    ScramMechanism,
    UserScramCredentialDeletion,
    UserScramCredentialUpsertion,
)
from kafka.errors import KafkaError, NoError

from infra.kafka_security import KafkaSecurity
from infra.limits import Limits, milliseconds

MECHANISM = ScramMechanism.SCRAM_SHA_512


class KafkaRole(StrEnum):
    """What a user of Kafka is for."""

    PUBLISHER = "publisher"
    PROJECTOR = "projector"
    ANALYST = "analyst"


class Permission(NamedTuple):
    """What a user may do with a topic or a consumer group, or with all that begin with a name."""

    operation: ACLOperation
    resource: ResourceType
    name: str
    prefixed: bool = True

    def shown(self) -> str:
        every = "*" if self.prefixed else ""
        return f"{self.operation.name.lower()} {self.resource.name.lower()} {self.name}{every}"


def permissions(
    role: KafkaRole, user: str, prefix: str, log: str, topics: Sequence[str] = ()
) -> list[Permission]:
    """The least that each role needs; `topics` are those that an analyst may read."""
    everything = f"{prefix}."
    match role:
        case KafkaRole.PUBLISHER:  # reads how far it came, before it writes
            operations = ACLOperation.CREATE, ACLOperation.WRITE, ACLOperation.READ
            return [Permission(one, ResourceType.TOPIC, everything) for one in operations]
        case KafkaRole.PROJECTOR:
            return [
                Permission(ACLOperation.READ, ResourceType.TOPIC, everything),
                Permission(ACLOperation.READ, ResourceType.GROUP, f"{prefix}-{log}-"),
            ]
        case KafkaRole.ANALYST:
            read = [Permission(ACLOperation.READ, ResourceType.TOPIC, t, False) for t in topics]
            return [*read, Permission(ACLOperation.READ, ResourceType.GROUP, f"{user}-")]


class KafkaAccess:
    """Speaks as a user who may set users and rights: one of the brokers' `super.users`."""

    def __init__(self, bootstrap: str, security: KafkaSecurity, limits: Limits) -> None:
        answer = milliseconds(limits.answer)
        self._admin = KafkaAdminClient(
            bootstrap_servers=bootstrap.split(","),
            request_timeout_ms=answer,
            bootstrap_timeout_ms=answer,
            **security.for_kafka_python(),
        )

    def set(self, user: str, password: str | None, granted: Iterable[Permission]) -> None:
        """Make the user or change its password, and leave it those permissions and no others.

        What stays granted is not taken away in between: a user at work notices nothing.
        """
        if password is not None:
            made = UserScramCredentialUpsertion(user, MECHANISM, password)
            _raise(self._admin.alter_user_scram_credentials([made]))
        wanted, present = set(granted), set(self.granted(user))
        if missing := wanted - present:
            self._create([_acl(user, one) for one in missing])
        self._delete(user, present - wanted)

    def remove(self, user: str) -> bool:
        """Whether there was such a user; its connections that are open stay open."""
        self._delete(user, self.granted(user))
        gone = self._admin.alter_user_scram_credentials(
            [UserScramCredentialDeletion(user, MECHANISM)]
        )
        return gone[user] is None

    def users(self) -> list[str]:
        return sorted(self._admin.describe_user_scram_credentials())

    def granted(self, user: str) -> list[Permission]:
        resource = ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY)
        found, error = self._admin.describe_acls(
            ACLFilter(f"User:{user}", None, ACLOperation.ANY, ACLPermissionType.ALLOW, resource)
        )
        _raise_error(error)
        return [_permission(one) for one in found]

    def close(self) -> None:
        self._admin.close()

    def _create(self, acls: list[ACL]) -> None:
        failed = self._admin.create_acls(acls)["failed"]
        if failed:
            raise KafkaError(f"rights that could not be given: {failed}")

    def _delete(self, user: str, gone: Iterable[Permission]) -> None:
        if filters := [_acl(user, one) for one in gone]:
            for _, _, error in self._admin.delete_acls(filters):
                _raise_error(error)


def _raise_error(error: Any) -> None:
    """kafka-python answers an error, or the class of none."""
    if error is not NoError and not isinstance(error, NoError):
        raise error


def _acl(user: str, one: Permission) -> ACL:
    pattern = ACLResourcePatternType.PREFIXED if one.prefixed else ACLResourcePatternType.LITERAL
    resource = ResourcePattern(one.resource, one.name, pattern)
    return ACL(f"User:{user}", "*", one.operation, ACLPermissionType.ALLOW, resource)


def _permission(one: ACL) -> Permission:
    resource = one.resource_pattern
    prefixed = resource.pattern_type is ACLResourcePatternType.PREFIXED
    return Permission(one.operation, resource.resource_type, resource.resource_name, prefixed)


def _raise(outcomes: dict[str, Any]) -> None:
    for user, error in outcomes.items():
        if error is not None:
            raise KafkaError(f"user {user}: {error}")
