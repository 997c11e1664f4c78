"""A certificate authority of one's own: who holds its key decides who is believed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_DAYS = 3_650
DAYS = 825
"""The longest that most programs accept of a server's certificate."""
CLOCKS_DIFFER = timedelta(minutes=5)

USAGE = {
    "digital_signature": True,
    "key_cert_sign": False,
    "crl_sign": False,
    "content_commitment": False,
    "key_encipherment": False,
    "data_encipherment": False,
    "key_agreement": False,
    "encipher_only": False,
    "decipher_only": False,
}


class Authority:
    """Its certificate is `ca.pem`, its key `ca.key`; other files are named after their holder."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.certificate = directory / "ca.pem"
        self._key = directory / "ca.key"

    def found(self, name: str = "Distributary") -> bool:
        """Make key and certificate where there are none; answers whether it did."""
        if self.certificate.exists():
            return False
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = ec.generate_private_key(ec.SECP256R1())
        limits = x509.BasicConstraints(ca=True, path_length=0)
        usage = x509.KeyUsage(**{**USAGE, "key_cert_sign": True, "crl_sign": True})
        made = (
            _begun(_named(name), key, AUTHORITY_DAYS)
            .issuer_name(_named(name))
            .add_extension(limits, critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .sign(key, hashes.SHA256())
        )
        _write(self._key, _private(key))
        _write(self.certificate, made.public_bytes(serialization.Encoding.PEM), 0o644)
        return True

    def issue(self, name: str, hosts: Sequence[str] = (), days: int = DAYS) -> tuple[Path, Path]:
        """Certificate and key for a server at those hosts, or for a client of that name.

        Kafka takes both from one file, `<name>.both.pem`. Less than no days are an expired one.
        """
        ca = x509.load_pem_x509_certificate(self.certificate.read_bytes())
        ca_key = serialization.load_pem_private_key(self._key.read_bytes(), None)
        assert isinstance(ca_key, ec.EllipticCurvePrivateKey)
        key = ec.generate_private_key(ec.SECP256R1())
        uses = [ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH]
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key())
        begun = (
            _begun(_named(name), key, days)
            .issuer_name(ca.subject)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(**USAGE), critical=True)
            .add_extension(x509.ExtendedKeyUsage(uses if hosts else uses[:1]), critical=False)
            .add_extension(issuer, critical=False)
        )
        if hosts:
            names = x509.SubjectAlternativeName([_host(host) for host in hosts])
            begun = begun.add_extension(names, critical=False)
        made = begun.sign(ca_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        certificate, secret = self.directory / f"{name}.pem", self.directory / f"{name}.key"
        _write(secret, _private(key))
        _write(certificate, made, 0o644)
        _write(self.directory / f"{name}.both.pem", _private(key) + made)
        return certificate, secret


def _begun(
    subject: x509.Name, key: ec.EllipticCurvePrivateKey, days: int
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    begin = now - CLOCKS_DIFFER if days > 0 else now - timedelta(days=DAYS)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(now + timedelta(days=days))
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _write(file: Path, content: bytes, mode: int = 0o600) -> None:
    """At once and whole: a server that starts meanwhile reads the old one or the new one."""
    fresh = file.with_name(f".{file.name}")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode)
    fresh.write_bytes(content)
    fresh.rename(file)
