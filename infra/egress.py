"""Requests to addresses that people have named: to public ones alone, unless others are allowed.

The name is looked up once, each address that it has is checked, and the connection is made to one
of these, so that a name that changes its mind meanwhile leads nowhere else. No redirect is
followed, and no proxy of the environment is asked.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from functools import cached_property
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address
WAIT, WHOLE = 10.0, 20.0
"""Seconds for each step of an exchange, and for all of it."""
MOST_READ = 10_000
"""Bytes of an answer that are read."""
EMBEDS_IPV4 = ip_network("64:ff9b::/96"), ip_network("2002::/16"), ip_network("2001::/32")
"""Of IPv6, what a gateway turns into an address of IPv4 that nobody has looked at."""


class BlockedAddress(Exception):
    """An address that may not be asked; the message says why, in English, and `zh` in Chinese."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.zh = zh


class HttpAnswer(NamedTuple):
    status: int
    body: bytes


class Egress:
    """`allowed` are networks that may be asked besides public ones, and without encryption."""

    def __init__(self, allowed: Sequence[Network] = ()) -> None:
        self.allowed = allowed

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """Made by who sends: it reads all certificates of the machine, which takes 25 ms."""
        return ssl.create_default_context()

    def check(self, url: str) -> list[Address]:
        """The addresses that a URL stands for; raises where one of them may not be asked."""
        parts = _parts(url)
        found = _resolved(parts)
        for address in found:
            if not (_is_public(address) or self._is_allowed(address)):
                raise BlockedAddress(
                    f"{parts.hostname} leads to {address}, which is not public. Name a public"
                    " address, or have the operator add it to DISTRIBUTARY_NOTICE_NETWORKS.",
                    f"{parts.hostname} 指向 {address}，不是公网地址。请填写公网地址，"
                    "或请运维人员将其加入 DISTRIBUTARY_NOTICE_NETWORKS。",
                )
            if parts.scheme == "http" and not self._is_allowed(address):
                raise BlockedAddress(
                    f"{url} is not encrypted. Write an address that begins with https://",
                    f"{url} 未加密。请填写以 https:// 开头的地址。",
                )
        return found

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        """Raises `BlockedAddress`, or `OSError` or `HTTPException` where nobody answers in time."""
        parts, (address, *_) = _parts(url), self.check(url)
        line = socket.create_connection((str(address), _port(parts)), WAIT)
        if parts.scheme == "https":
            named = {"server_hostname": parts.hostname, "do_handshake_on_connect": False}
            line = self._tls.wrap_socket(line, **named)  # type: ignore[arg-type]
        limit = threading.Timer(WHOLE, _cut, [line])
        limit.daemon = True
        limit.start()
        try:
            if isinstance(line, ssl.SSLSocket):
                line.do_handshake()
            return _exchange(parts, line, body, headers)
        finally:
            limit.cancel()
            line.close()

    def _is_allowed(self, address: Address) -> bool:
        return any(address in network for network in self.allowed)


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _port(parts)
    except ValueError:
        parts = SplitResult("", "", "", "", "")
    unsafe = any(ord(one) <= ord(" ") or ord(one) > ord("~") for one in url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or unsafe:
        raise BlockedAddress(
            f"{url} is no address of the web. Write one such as https://hooks.example/distributary,"
            " without a user in it.",
            f"{url} 不是网址。请填写如 https://hooks.example/distributary 的地址，不含用户名。",
        )
    return parts


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _resolved(parts: SplitResult) -> list[Address]:
    try:
        found = socket.getaddrinfo(parts.hostname, _port(parts), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise OSError(f"{parts.hostname} cannot be found: {error}") from error
    plain = dict.fromkeys(str(one[4][0]).partition("%")[0] for one in found)
    return [_unmapped(ip_address(one)) for one in plain]


def _unmapped(address: Address) -> Address:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _exchange(
    parts: SplitResult, line: socket.socket, body: bytes, headers: Mapping[str, str]
) -> HttpAnswer:
    connection = http.client.HTTPConnection(parts.hostname or "", _port(parts), timeout=WAIT)
    connection.sock = line
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    try:
        connection.request("POST", target, body, {"Host": parts.netloc, **headers})
        answer = connection.getresponse()
        return HttpAnswer(answer.status, answer.read(MOST_READ))
    finally:
        connection.close()


def _is_public(address: Address) -> bool:
    hidden = any(address in network for network in EMBEDS_IPV4)
    return address.is_global and not address.is_multicast and not hidden


def _cut(line: socket.socket) -> None:
    """End an exchange that takes too long, whatever it waits for."""
    try:
        socket.socket.shutdown(line, socket.SHUT_RDWR)  # TLS would first say goodbye
    except OSError:
        return
