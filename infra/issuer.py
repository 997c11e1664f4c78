"""One OpenID Connect issuer: whom its tokens name, checked by its own keys and nothing else.

Every wait for it has a limit, and an issuer that does not answer is not asked again at once.
"""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

import httpx2
import msgspec
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

ALGORITHMS = ("RS256", "ES256")
"""Those that need the issuer's own key; `none` and those with a shared secret are never taken."""
LEEWAY = 60
"""Seconds that the issuer's clock may differ from ours."""
KEPT = 3600.0
"""Seconds for which what the issuer published is believed."""
KEYS_EVERY = 60.0
"""Seconds between two looks for a key that is not known."""
AGAIN = 5.0
"""Seconds after which an issuer that did not answer is asked again."""
WAIT, WHOLE = 5.0, 10.0
"""Seconds for each step of an exchange, and for all of it."""
MOST_BYTES = 1_000_000
OF_KEY = ("RSA", "EC")
T = TypeVar("T")


class BadToken(Exception):
    """A token, or the issuer's answer, that proves nothing."""


class IssuerDown(Exception):
    """The issuer does not answer, or not as OpenID Connect says."""


class Client(NamedTuple):
    """What we are to the issuer; `audience` is for whom access tokens are made."""

    issuer: str
    id: str
    secret: str | None = None
    audience: str | None = None


class Issuer:
    def __init__(self, client: Client) -> None:
        self.client = client
        self.http = httpx2.Client(timeout=WAIT, follow_redirects=False, trust_env=False)
        self._metadata: _Published[Mapping[str, Any]] = _Published(self._read_metadata)
        self._keys: _Published[KeySet] = _Published(self._read_keys)

    def close(self) -> None:
        self.http.close()

    def start(self, back: str, state: str, nonce: str, verifier: str) -> str:
        """Where to send a browser that wants to sign in; it comes `back` with a code."""
        uri: str = prepare_grant_uri(
            self._about("authorization_endpoint"),
            self.client.id,
            "code",
            back,
            "openid profile email",
            state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )
        return uri

    def finish(self, code: str, back: str, nonce: str, verifier: str) -> dict[str, Any]:
        """What the issuer says of whoever came back with this code."""
        client = self.client
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "client_id": client.id,
            "code_verifier": verifier,
        }
        auth = None if client.secret is None else httpx2.BasicAuth(client.id, client.secret)
        status, answer = self._asked("POST", self._about("token_endpoint"), data=form, auth=auth)
        token = answer.get("id_token")
        if status != 200 or not isinstance(token, str):
            raise BadToken(f"the issuer refused the code: {answer.get('error', status)}")
        claims = self._claims(token, client.id)
        if claims.get("nonce") != nonce:
            raise BadToken("the token answers another sign-in")
        if claims.get("azp", client.id) != client.id:
            raise BadToken("the token was made for another client")
        return claims

    def bearer(self, token: str) -> dict[str, Any]:
        """What an access token says; what was made for a browser's sign-in is none."""
        claims = self._claims(token, self.client.audience or self.client.id)
        if "nonce" in claims:
            raise BadToken("an ID token is no access token")
        return claims

    def _claims(self, token: str, audience: str) -> dict[str, Any]:
        try:
            return self._checked(token, audience, self._keys.now())
        except InvalidKeyIdError:
            keys = self._keys.newer(KEYS_EVERY)  # it may have a new key
        try:
            return self._checked(token, audience, keys)
        except InvalidKeyIdError as error:
            raise BadToken(str(error)) from error

    def _checked(self, token: str, audience: str, keys: KeySet) -> dict[str, Any]:
        wanted: dict[str, Any] = {
            "iss": {"essential": True, "value": self.client.issuer},
            "aud": {"essential": True, "value": audience},
            "exp": {"essential": True},
            "iat": {"essential": True},
            "sub": {"essential": True},
        }
        try:
            found = jwt.decode(token, keys, algorithms=self._algorithms())
            claims: dict[str, Any] = found.claims
            jwt.JWTClaimsRegistry(leeway=LEEWAY, **wanted).validate(claims)
        except InvalidKeyIdError:
            raise
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise BadToken(str(error) or type(error).__name__) from error
        return claims

    def _algorithms(self) -> list[str]:
        said = self._metadata.now().get("id_token_signing_alg_values_supported", ["RS256"])
        return [name for name in ALGORITHMS if name in said]

    def _about(self, name: str) -> str:
        found = self._metadata.now().get(name)
        if not isinstance(found, str):
            raise IssuerDown(f"the issuer names no {name}")
        return found

    def _read_metadata(self) -> Mapping[str, Any]:
        address = self.client.issuer.rstrip("/") + "/.well-known/openid-configuration"
        status, found = self._asked("GET", address)
        if status != 200 or found.get("issuer") != self.client.issuer:
            raise IssuerDown(f"{address} is not about {self.client.issuer}")
        return found

    def _read_keys(self) -> KeySet:
        status, found = self._asked("GET", self._about("jwks_uri"))
        every = found.get("keys")
        if status != 200 or not isinstance(every, list):
            raise IssuerDown("the issuer publishes no keys")
        good = [one for one in every if isinstance(one, dict) and _signs(one)]
        try:
            return KeySet.import_key_set({"keys": good})
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise IssuerDown(f"the issuer's keys cannot be read: {error}") from error

    def _asked(self, method: str, address: str, **what: Any) -> tuple[int, dict[str, Any]]:
        """Status and content of an answer, which is JSON and not too long."""
        until, body = time.monotonic() + WHOLE, bytearray()
        try:
            with self.http.stream(method, address, **what) as answer:
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > MOST_BYTES or time.monotonic() > until:
                        raise IssuerDown("the issuer's answer does not end")
            found = msgspec.json.decode(bytes(body))
        except (httpx2.HTTPError, httpx2.InvalidURL, msgspec.DecodeError) as error:
            raise IssuerDown(f"the issuer does not answer: {error}") from error
        if not isinstance(found, dict):
            raise IssuerDown("the issuer's answer is no object")
        return answer.status_code, found


class _Published(Generic[T]):
    """What the issuer publishes, read when it is needed and believed for a while.

    Only one thread asks; what was read before is good enough while the issuer does not answer.
    """

    def __init__(self, read: Callable[[], T]) -> None:
        self.read = read
        self._mutex = threading.Lock()
        self._found: T | None = None
        self._read_at = self._failed_at = float("-inf")
        self._error: IssuerDown | None = None

    def now(self) -> T:
        return self.newer(KEPT)

    def newer(self, seconds: float) -> T:
        """As it was at most so many seconds ago, if the issuer answers."""
        with self._mutex:
            now = time.monotonic()
            if self._found is not None and now < self._read_at + seconds:
                return self._found
            if now >= self._failed_at + AGAIN:
                try:
                    self._found, self._read_at = self.read(), now
                except IssuerDown as error:
                    self._failed_at, self._error = now, error
            if self._found is None:
                raise IssuerDown(str(self._error)) from self._error
            return self._found


def _signs(key: Mapping[str, Any]) -> bool:
    """A public key with which the issuer may sign."""
    return key.get("kty") in OF_KEY and key.get("use", "sig") == "sig"
