"""What listens at a broker's address is told apart, without any broker."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socket import create_server, socket
from threading import Thread

import pytest
from pace import limit

from infra.certificates import Authority
from infra.kafka_admission import check
from infra.kafka_refusals import NotAdmitted
from infra.kafka_security import KafkaSecurity


@contextmanager
def listening(serve: Callable[[socket], None]) -> Iterator[str]:
    """A server for one connection, and its address."""
    with create_server(("127.0.0.1", 0)) as server:

        def one() -> None:
            with suppress(OSError), server.accept()[0] as connection:
                serve(connection)

        thread = Thread(target=one)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        thread.join(limit(5))


@pytest.fixture
def ca(tmp_path: Path) -> Authority:
    authority = Authority(tmp_path / "ca")
    assert authority.found()
    assert not authority.found()  # the second time it is there
    return authority


def test_a_broker_whose_certificate_has_expired_needs_a_new_one(ca: Authority) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*ca.issue("kafka", ["127.0.0.1"], days=-1))

    def serve(connection: socket) -> None:
        context.wrap_socket(connection, server_side=True).close()

    security = KafkaSecurity("SSL", ca=ca.certificate)
    with listening(serve) as address, pytest.raises(NotAdmitted, match=r"has expired: give that"):
        check(address, security, limit(3))


def test_a_server_that_speaks_no_tls_is_named_with_the_settings_to_look_at(ca: Authority) -> None:
    def serve(connection: socket) -> None:
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    security = KafkaSecurity("SSL", ca=ca.certificate)
    with listening(serve) as address, pytest.raises(NotAdmitted, match=r"speak TLS|broke off"):
        check(address, security, limit(3))


def test_a_file_that_holds_no_certificate_is_named(tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.touch()
    security = KafkaSecurity("SSL", ca=empty)
    with listening(lambda _: None) as address, pytest.raises(NotAdmitted, match=r"empty\.pem"):
        check(address, security, limit(3))


def test_where_nobody_listens_nothing_is_said() -> None:
    """The client says so by itself, and waits for it."""
    check("127.0.0.1:1", KafkaSecurity("SSL"), limit(3))


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"protocol": "SASL_SSL", "user": "anna"}, "needs DISTRIBUTARY_KAFKA_USER, and"),
        ({"user": "anna", "password": "secret"}, "PROTOCOL=SASL_SSL"),
        ({"ca": Path("ca.pem")}, "to SASL_SSL or SSL"),
        ({"protocol": "SSL", "certificate": Path("a.pem")}, "go together"),
    ],
)
def test_settings_that_would_not_protect_are_refused(given: dict[str, object], fault: str) -> None:
    security = KafkaSecurity(**given)  # type: ignore[arg-type]
    (told,) = security.faults()
    assert fault in told
    assert "secret" not in repr(security)
