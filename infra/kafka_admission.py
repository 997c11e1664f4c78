"""Whether a broker lets us in; if not, one sentence that says why and what to do.

Both libraries try again in silence whatever a broker refuses, and then only say that time is up.
So the first steps are made here by themselves: TLS, then SASL. Without either, it is asked once,
in the clear, whether that is what the broker expects.
"""

import socket
import ssl
import struct

from kafka.net.sasl import get_sasl_mechanism

from infra.kafka_refusals import NotAdmitted, wrong_password
from infra.kafka_security import KafkaSecurity

HANDSHAKE, AUTHENTICATE, API_VERSIONS = 17, 36, 18
UNSUPPORTED_MECHANISM = 33
LARGEST_ANSWER = 1 << 20
TLS_ALERT = b"\x15\x03"
"""What an answer begins with where TLS is expected and something else came."""
EXPIRED, HOST_MISMATCH = 10, 62
"""OpenSSL's numbers of what it finds wrong with a certificate."""


def check(bootstrap: str, security: KafkaSecurity, seconds: float) -> None:
    """Raise `NotAdmitted` if no broker lets us in and one said why; silence is not judged here."""
    refusal: NotAdmitted | None = None
    for address in bootstrap.split(","):
        try:
            _enter(address.strip(), security, seconds)
        except NotAdmitted as error:
            refusal = error
        except (OSError, ValueError):  # nobody there; the client finds another, or says so
            continue
        else:
            return
    if refusal is not None:
        raise refusal


def _enter(address: str, security: KafkaSecurity, seconds: float) -> None:
    host, _, port = address.rpartition(":")
    host = host.strip("[]")
    with socket.create_connection((host, int(port)), seconds) as plain:
        if not security.protocol.endswith("SSL"):
            _Talk(plain, address).prove(security)
            return
        try:
            with _context(security).wrap_socket(plain, server_hostname=host) as secure:
                _Talk(secure, address).prove(security)
        except ssl.SSLCertVerificationError as error:
            raise NotAdmitted(_of_server(address, host, error)) from error
        except ssl.SSLError as error:
            raise NotAdmitted(_of_ours(address, error, security)) from error
        except ConnectionError as error:
            raise NotAdmitted(
                f"{address} broke off: it expects no TLS there, or another certificate of ours;"
                " see DISTRIBUTARY_KAFKA_SECURITY_PROTOCOL and DISTRIBUTARY_KAFKA_CERTIFICATE"
            ) from error


def _context(security: KafkaSecurity) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=security.ca)
    except ssl.SSLError as error:
        raise NotAdmitted(f"{security.ca} holds no certificates: {error.reason}") from error
    if security.certificate is not None:
        try:
            context.load_cert_chain(security.certificate, security.key)
        except ssl.SSLError as error:
            raise NotAdmitted(
                f"{security.certificate} and {security.key} are no certificate and its key:"
                f" {error.reason}"
            ) from error
    return context


def _of_server(address: str, host: str, error: ssl.SSLCertVerificationError) -> str:
    if error.verify_code == EXPIRED:
        return f"the certificate of {address} has expired: give that broker a new one"
    if error.verify_code == HOST_MISMATCH:
        return (
            f"the certificate of {address} is not for {host}: name the broker in DISTRIBUTARY_KAFKA"
            " as its certificate does, or give it one for that name"
        )
    return (
        f"the certificate of {address} is signed by nobody whom we believe"
        f" ({error.verify_message}): set DISTRIBUTARY_KAFKA_CA to the authority that signed it"
    )


def _of_ours(address: str, error: ssl.SSLError, security: KafkaSecurity) -> str:
    reason = (error.reason or str(error)).upper()
    if "ALERT" in reason and security.certificate is None:
        return (
            f"{address} asks for a certificate of ours: set DISTRIBUTARY_KAFKA_CERTIFICATE and"
            " DISTRIBUTARY_KAFKA_KEY"
        )
    if "WRONG_VERSION_NUMBER" in reason or "EOF" in reason:
        return (
            f"{address} does not speak TLS: see the port in DISTRIBUTARY_KAFKA, and"
            " DISTRIBUTARY_KAFKA_SECURITY_PROTOCOL"
        )
    return (
        f"{address} does not accept our certificate ({reason.lower().replace('_', ' ')}): it has"
        " expired, or is signed by somebody whom the broker does not believe; make a new one and"
        " set DISTRIBUTARY_KAFKA_CERTIFICATE and DISTRIBUTARY_KAFKA_KEY to it"
    )


class _Talk:
    """The few requests of Kafka's protocol that come before all others."""

    def __init__(self, connection: socket.socket, address: str) -> None:
        self.connection, self.address = connection, address

    def prove(self, security: KafkaSecurity) -> None:
        if not security.protocol.startswith("SASL"):
            self._ask(API_VERSIONS, 0, b"")  # in TLS 1.3 only an answer says that we are taken
            return
        answer = self._ask(HANDSHAKE, 1, _text(security.mechanism.encode()))
        if struct.unpack_from(">h", answer)[0] == UNSUPPORTED_MECHANISM:
            raise NotAdmitted(
                f"{self.address} knows no {security.mechanism}: set"
                " DISTRIBUTARY_KAFKA_SASL_MECHANISM to one that it has"
            )
        mechanism = get_sasl_mechanism(security.mechanism)(
            host=self.address, **security.for_kafka_python()
        )
        while not mechanism.is_done():
            token = mechanism.auth_bytes()
            answer = self._ask(AUTHENTICATE, 0, struct.pack(">i", len(token)) + token)
            if struct.unpack_from(">h", answer)[0]:
                raise NotAdmitted(wrong_password(f"the user {security.user}"))
            said = max(struct.unpack_from(">h", answer, 2)[0], 0)  # of an error; -1 is none
            (size,) = struct.unpack_from(">i", answer, 4 + said)
            mechanism.receive(answer[8 + said : 8 + said + size])

    def _ask(self, api: int, version: int, body: bytes) -> bytes:
        head = struct.pack(">hhi", api, version, 0) + _text(b"distributary")
        self.connection.sendall(struct.pack(">i", len(head) + len(body)) + head + body)
        first = self._read(4)
        if first.startswith(TLS_ALERT):
            raise NotAdmitted(
                f"{self.address} expects TLS: set DISTRIBUTARY_KAFKA_SECURITY_PROTOCOL to SASL_SSL"
                " where you sign in by password, or to SSL, and DISTRIBUTARY_KAFKA_CA to the"
                " authority that signed its certificate"
            )
        (size,) = struct.unpack(">i", first)
        if not 4 <= size <= LARGEST_ANSWER:
            raise NotAdmitted(f"{self.address} is no broker of Kafka: correct DISTRIBUTARY_KAFKA")
        return self._read(size)[4:]  # without the number of the request

    def _read(self, size: int) -> bytes:
        found = b""
        while len(found) < size:
            more = self.connection.recv(size - len(found))
            if not more:
                raise ConnectionResetError(f"{self.address} ended the connection")
            found += more
        return found


def _text(value: bytes) -> bytes:
    return struct.pack(">h", len(value)) + value
