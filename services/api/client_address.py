"""Where a request comes from: its address and its site, as far as the proxies before us are known.

A header that anybody could have written is believed only of a proxy that the settings trust.
"""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from starlette.types import Scope

from infra.settings import Settings
from services.api.problems import Problem

Headers = Mapping[bytes, bytes]
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class ClientAddresses:
    def __init__(self, settings: Settings) -> None:
        self.public = settings.public_url
        self.trusted = settings.proxies

    def address(self, scope: Scope, headers: Headers) -> str:
        """The client's own: of those that came through proxies, the last that is not trusted."""
        peer = _peer(scope)
        told = headers.get(b"x-forwarded-for", b"").decode("latin-1").split(",")
        for hop in reversed(told):
            if not self._trusts(peer) or not (hop := hop.strip()):
                break
            peer = hop
        return peer[:200]

    def is_secure(self, scope: Scope, headers: Headers) -> bool:
        return self.origin(scope, headers).startswith("https:")

    def origin(self, scope: Scope, headers: Headers) -> str:
        """The site that browsers call us by."""
        if self.public is not None:
            return self.public
        scheme: str = scope["scheme"]
        if self._trusts(_peer(scope)):
            told = headers.get(b"x-forwarded-proto", b"").decode("latin-1").strip()
            scheme = told if told in {"http", "https"} else scheme
        return f"{scheme}://{headers.get(b'host', b'').decode('latin-1')}"

    def foreign(self, scope: Scope, headers: Headers) -> Problem | None:
        """The problem of a request that a page of another site has sent."""
        sent = headers.get(b"origin")
        if sent is None:
            return None
        origin, ours = sent.decode("latin-1"), self.origin(scope, headers)
        if origin == ours:
            return None
        return Problem("foreign-origin", origin=origin, ours=ours)

    def _trusts(self, told: str) -> bool:
        address = _address(told)
        return address is not None and any(address in network for network in self.trusted)


def counted(address: str) -> str:
    """Whose failures are counted together: an IPv6 network is one customer's."""
    found = _address(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, 64), strict=False))
    return address


def cookies(headers: Headers) -> Sequence[tuple[str, str]]:
    told = headers.get(b"cookie", b"").decode("latin-1")
    pairs = [part.strip().partition("=") for part in told.split(";")]
    return [(name, value) for name, _, value in pairs]


def _peer(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def _address(told: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(told)
    except ValueError:
        return None
