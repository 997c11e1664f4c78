"""How a client of Kafka proves who it is, and how it knows the broker, in each library's words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Protocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
Mechanism = Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"]

KAFKA_PYTHON = {
    "user": "sasl_plain_username",
    "password": "sasl_plain_password",
    "ca": "ssl_cafile",
    "certificate": "ssl_certfile",
    "key": "ssl_keyfile",
}
CONFLUENT = {
    "user": "sasl.username",
    "password": "sasl.password",
    "ca": "ssl.ca.location",
    "certificate": "ssl.certificate.location",
    "key": "ssl.key.location",
}


@dataclass(frozen=True)
class KafkaSecurity:
    """Files are PEM. Without a CA, the authorities that the machine believes are believed."""

    protocol: Protocol = "PLAINTEXT"
    mechanism: Mechanism = "SCRAM-SHA-512"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None

    def for_kafka_python(self) -> dict[str, Any]:
        return self._named("security_protocol", "sasl_mechanism", KAFKA_PYTHON)

    def for_confluent(self) -> dict[str, Any]:
        return self._named("security.protocol", "sasl.mechanism", CONFLUENT)

    def _named(self, protocol: str, mechanism: str, names: Mapping[str, str]) -> dict[str, Any]:
        if self.protocol == "PLAINTEXT":
            return {}
        values = {name: getattr(self, field) for field, name in names.items()}
        given = {name: str(value) for name, value in values.items() if value is not None}
        sasl = {mechanism: self.mechanism} if self.protocol.startswith("SASL") else {}
        return {protocol: self.protocol, **sasl, **given}

    def faults(self) -> list[str]:
        """What is missing, or has no effect and so was meant otherwise."""
        sasl, tls = self.protocol.startswith("SASL"), self.protocol.endswith("SSL")
        found = []
        if sasl and (self.user is None or self.password is None):
            found.append(
                f"{self.protocol} needs DISTRIBUTARY_KAFKA_USER, and DISTRIBUTARY_KAFKA_PASSWORD"
                " or DISTRIBUTARY_KAFKA_PASSWORD_FILE"
            )
        if not sasl and (self.user is not None or self.password is not None):
            found.append(
                "user and password of Kafka are sent to nobody: set"
                " DISTRIBUTARY_KAFKA_SECURITY_PROTOCOL=SASL_SSL"
            )
        if not tls and (self.ca or self.certificate or self.key):
            found.append(
                "certificates of Kafka are looked at by nobody: set"
                " DISTRIBUTARY_KAFKA_SECURITY_PROTOCOL to SASL_SSL or SSL"
            )
        if (self.certificate is None) != (self.key is None):
            found.append("DISTRIBUTARY_KAFKA_CERTIFICATE and DISTRIBUTARY_KAFKA_KEY go together")
        return found
