"""Settings from the environment, checked at once, with one message for all that is wrong."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, FilePath, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url

from infra.kafka_security import KafkaSecurity, Mechanism, Protocol
from infra.mail_server import MailServer, SmtpSecurity

DIGITS = re.compile(r"[0-9]{1,19}")
ISSUER = re.compile(r"https://[^\s?#]+$|http://(127\.0\.0\.1|localhost)(:\d+)?(/[^\s?#]*)?$")
"""Over plain http only on this machine: whoever sits between could sign in as anybody."""
BUCKET = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/([A-Za-z0-9._/-]*))?")
ORIGIN = re.compile(r"https?://[a-z0-9.:\[\]-]+")
KafkaClient = Literal["kafka-python", "confluent"]


def is_zone(name: str) -> bool:
    """Whether the IANA database has a time zone of that name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _known(name: str) -> str:
    if not is_zone(name):
        raise ValueError(f"{name} is no time zone: give its name, such as Asia/Shanghai")
    return name


def _digits(told: Any) -> Any:
    """Digits alone, as wherever a whole number is told: `1_0` is a slip of the hand."""
    if isinstance(told, str) and not DIGITS.fullmatch(told):
        raise ValueError(f"{told} is no whole number: write it with digits alone, such as 100")
    return told


def _networks(told: str | None) -> str | None:
    for each in (told or "").split(","):
        if each.strip():
            ip_network(each.strip(), strict=False)  # its message names what is no network
    return told


def _listed(told: str | None) -> list[IPv4Network | IPv6Network]:
    return [ip_network(one.strip(), strict=False) for one in (told or "").split(",") if one.strip()]


def _origin(told: str | None) -> str | None:
    if told is not None and not ORIGIN.fullmatch(told):
        raise ValueError(f"{told} is no address: write it as https://distributary.example")
    return told


def _issuer(told: str | None) -> str | None:
    if told is not None and not ISSUER.match(told):
        raise ValueError(f"{told} is no issuer: write its address, which begins with https://")
    return told


def _secret(told: SecretStr | None, file: Path | None) -> str | None:
    if file is not None:
        return file.read_text().rstrip("\r\n")
    return None if told is None else told.get_secret_value()


def _place(given: str | None) -> str | None:
    if given is not None and "://" in given and not BUCKET.fullmatch(given):
        raise ValueError(f"{given} is no place for files: write a folder, or s3://bucket/prefix")
    return given


Zone = Annotated[str, AfterValidator(_known)]
Whole = Annotated[int, BeforeValidator(_digits)]


class Settings(BaseSettings):
    """Every setting is `DISTRIBUTARY_<NAME>` in the environment."""

    model_config = SettingsConfigDict(env_prefix="DISTRIBUTARY_", frozen=True)

    log: str = Field("main", pattern=r"^[a-z][a-z0-9-]{0,31}$")
    """The name of the log this process writes to."""
    data: Path = Path("var")
    """Where the standalone platform keeps its files."""
    database_url: SecretStr | None = None
    """A SQLAlchemy address; SQLite in `data` unless told otherwise."""
    database_password_file: FilePath | None = None
    """Holds the password of the address's user, which the address then leaves out."""
    kafka: str | None = None
    """Kafka's bootstrap servers, with commas between; without them views follow the log."""
    kafka_client: KafkaClient = "kafka-python"
    """Which library speaks to Kafka; the other one is an extra of its own."""
    kafka_security_protocol: Protocol = "PLAINTEXT"
    kafka_sasl_mechanism: Mechanism = "SCRAM-SHA-512"
    kafka_user: str | None = None
    kafka_password: SecretStr | None = None
    kafka_password_file: FilePath | None = None
    """Read again whenever a worker begins anew."""
    kafka_ca: FilePath | None = None
    """PEM of the authorities by whom the brokers' certificates must be signed."""
    kafka_certificate: FilePath | None = None
    """PEM of the certificate by which we are known, and of what it is signed by."""
    kafka_key: FilePath | None = None
    topic_prefix: str = Field("distributary", pattern=r"^[a-z][a-z0-9-]{0,63}$")
    partitions: Whole = Field(4, ge=1, le=1024)
    """Partitions of a topic that is made anew."""
    replication: Whole = Field(1, ge=1, le=9)
    zone: Zone = "Asia/Shanghai"
    """Where the company keeps its books: its business days are those of this time zone."""
    host: str = "127.0.0.1"
    port: Whole = Field(8000, ge=1, le=65535)
    queue: Whole = Field(5_000, ge=1)
    """Commands that may wait for the group commit before one more is told to come back."""
    states: Whole = Field(20_000, ge=100)
    """States of aggregates that a process keeps at hand to decide by."""
    future_tolerance: Whole = Field(300, ge=0, le=86_400)
    """Seconds ahead of the database's clock that a date may be: clocks differ."""
    references: Literal["checked", "open"] = "checked"
    """Whether what a command names must be registered, as products, members and orders are."""
    metrics_port: Whole | None = Field(None, ge=1, le=65535)
    """Where a worker tells Prometheus its figures; without it, nowhere."""
    stall: Whole = Field(60, ge=1)
    """Seconds without a turn after which a worker is stuck, and ends to be started again."""
    trace_share: float = Field(1.0, ge=0, le=1)
    """Which part of all traces is kept, where a collector is named."""
    body_limit: Whole = Field(5_000_000, ge=1_000)
    """Bytes of one request's body."""
    import_limit: Whole = Field(50_000_000, ge=1_000)
    """Bytes of a file that is sent to be imported."""
    files: Annotated[str | None, AfterValidator(_place)] = None
    """Where files are kept: a folder, or s3://bucket/prefix; `files` in `data` unless set."""
    files_endpoint: Annotated[str | None, AfterValidator(_origin)] = None
    """Where S3 answers, if it is not Amazon's own."""
    file_limit: Whole = Field(50_000_000, ge=1_000)
    """Bytes of one file that is kept."""
    file_quota: Whole = Field(50_000_000_000, ge=1_000)
    """Bytes of all files together."""
    file_quota_account: Whole = Field(5_000_000_000, ge=1_000)
    """Bytes of the files that one account has uploaded."""
    file_keep_hours: Whole = Field(24, ge=1, le=87_600)
    """Hours after which a file that hangs on nothing is removed."""
    notice_networks: Annotated[str | None, AfterValidator(_networks)] = None
    """Networks, with commas between, whose addresses webhooks may lead to though not public."""
    smtp_host: str | None = None
    """Whom mails are given to; without it none is sent."""
    smtp_port: Whole = Field(587, ge=1, le=65535)
    smtp_security: SmtpSecurity = "starttls"
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_password_file: FilePath | None = None
    mail_from: str | None = Field(None, pattern=r"^[^\s@<>]+@[^\s@<>]+$")
    """By whose address mails are sent."""
    public_url: Annotated[str | None, AfterValidator(_origin)] = None
    """Where browsers find the API, such as https://distributary.example."""
    trusted_proxies: Annotated[str | None, AfterValidator(_networks)] = None
    """Addresses or networks, with commas between, whose X-Forwarded-For and -Proto are believed."""
    session_idle: Whole = Field(28_800, ge=300)
    """Seconds without a request after which a session ends."""
    session_life: Whole = Field(604_800, ge=300)
    """Seconds after which a session ends in any case."""

    oidc_issuer: Annotated[str | None, AfterValidator(_issuer)] = None
    """An OpenID Connect issuer by whom people sign in, and whose access tokens are taken."""
    oidc_client_id: str | None = None
    """What we are called there."""
    oidc_client_secret: SecretStr | None = None
    oidc_audience: str | None = None
    """For whom access tokens must be made; the client, unless told."""
    oidc_claim: str = "preferred_username"
    """The claim that names the account."""

    @model_validator(mode="after")
    def _whole(self) -> "Settings":
        if self.oidc_issuer is not None and self.oidc_client_id is None:
            raise ValueError("DISTRIBUTARY_OIDC_ISSUER needs DISTRIBUTARY_OIDC_CLIENT_ID")
        if self.smtp_host is not None and self.mail_from is None:
            raise ValueError("DISTRIBUTARY_SMTP_HOST needs DISTRIBUTARY_MAIL_FROM")
        if self.kafka_password is not None and self.kafka_password_file is not None:
            raise ValueError(
                "set DISTRIBUTARY_KAFKA_PASSWORD or DISTRIBUTARY_KAFKA_PASSWORD_FILE, not both"
            )
        if faults := self.kafka_security.faults():
            raise ValueError("; ".join(faults))
        return self

    @property
    def kafka_security(self) -> KafkaSecurity:
        """With the password as the file has it now."""
        return KafkaSecurity(
            self.kafka_security_protocol,
            self.kafka_sasl_mechanism,
            self.kafka_user,
            _secret(self.kafka_password, self.kafka_password_file),
            self.kafka_ca,
            self.kafka_certificate,
            self.kafka_key,
        )

    @property
    def database(self) -> str:
        if self.database_url is not None:
            address = self.database_url.get_secret_value()
            if (password := _secret(None, self.database_password_file)) is None:
                return address
            return make_url(address).set(password=password).render_as_string(hide_password=False)
        return f"sqlite:///{self.data / 'distributary.sqlite'}"

    @property
    def proxies(self) -> list[IPv4Network | IPv6Network]:
        return _listed(self.trusted_proxies)

    @property
    def notice_targets(self) -> list[IPv4Network | IPv6Network]:
        """Networks that are not public, and that notices may be sent to."""
        return _listed(self.notice_networks)

    @property
    def mail_server(self) -> MailServer | None:
        if self.smtp_host is None or self.mail_from is None:
            return None
        password = _secret(self.smtp_password, self.smtp_password_file)
        how = self.smtp_security, self.smtp_user, password
        return MailServer(self.smtp_host, self.smtp_port, self.mail_from, *how)

    @property
    def bucket(self) -> tuple[str, str] | None:
        """The bucket and the prefix in which files are kept; None where a folder keeps them."""
        found = BUCKET.fullmatch(self.files or "")
        return None if found is None else (found[1], found[2] or "")

    @property
    def files_folder(self) -> Path:
        return self.data / "files" if self.files is None else Path(self.files)
