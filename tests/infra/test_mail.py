"""A mail is given to the server as the settings say: encrypted, and signed in."""

import smtplib
import ssl
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from pydantic import ValidationError
from receivers import mail_server

from infra import mail
from infra.certificates import Authority
from infra.mail_server import MailServer
from infra.settings import Settings

SENDER = "notices@example.com"


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Of a server whose authority this machine believes."""
    authority = Authority(tmp_path / "ca")
    authority.found()
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue("mail", ["127.0.0.1"]))
    return context


def known(_: Any, __: Any, ___: Any, mechanism: str, data: Any) -> AuthResult:
    right = data == LoginPassword(b"robot", b"secret")
    return AuthResult(success=right, handled=False)


def send(server: MailServer, subject: str = "Hello") -> None:
    mail.send(server, mail.mail(server, "li@example.com", subject, "您好\n", "the-id"))


def test_a_mail_is_sent_encrypted_and_signed_in(tls: ssl.SSLContext) -> None:
    how = {"tls_context": tls, "require_starttls": True, "authenticator": known}
    with mail_server(**how, auth_required=True) as (box, port):
        server = MailServer("127.0.0.1", port, SENDER, "starttls", "robot", "secret")
        send(server, "one line\nand another")
        with pytest.raises(smtplib.SMTPAuthenticationError):
            send(server._replace(password="wrong"))
        with pytest.raises(smtplib.SMTPException):
            send(server._replace(security="none", user=None))
    (got,) = box.mails
    assert got["Message-ID"] == "<the-id@example.com>"
    assert got["Subject"] == "one line and another"
    assert got.get_content().split() == ["您好"]


def test_a_mail_is_sent_encrypted_from_the_first_byte_on(tls: ssl.SSLContext) -> None:
    with mail_server(ssl_context=tls) as (box, port):
        send(MailServer("127.0.0.1", port, SENDER, "tls"))
    assert [one["To"] for one in box.mails] == ["li@example.com"]


def test_a_server_of_nobody_that_is_believed_is_given_nothing(
    tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    unbelieved = pytest.raises(ssl.SSLCertVerificationError)
    with mail_server(tls_context=tls) as (box, port), unbelieved:
        send(MailServer("127.0.0.1", port, SENDER))
    assert box.mails == []


def test_a_server_that_does_not_encrypt_is_given_nothing_unless_told() -> None:
    with mail_server() as (box, port):
        with pytest.raises(smtplib.SMTPNotSupportedError):
            send(MailServer("127.0.0.1", port, SENDER))
        assert box.mails == []
        send(MailServer("127.0.0.1", port, SENDER, "none"))
        assert len(box.mails) == 1


def test_a_mail_server_needs_a_sender() -> None:
    with pytest.raises(ValidationError, match="DISTRIBUTARY_MAIL_FROM"):
        Settings(smtp_host="mail.example.com")
    assert Settings().mail_server is None
    server = Settings(smtp_host="mail.example.com", mail_from=SENDER).mail_server
    assert server == MailServer("mail.example.com", 587, SENDER, "starttls", None, None)
