"""An OpenID Connect issuer in a process of its own: Authlib's server, with PKCE and JWTs.

`python tests/issuer.py PORT ALGORITHM` serves it at 127.0.0.1. Whoever is sent there is signed in
as `login_hint` says, or as ann. Tests may besides have it change its key or sign what they like.
"""

import os
import sys
import time
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode, UserInfo
from flask import Flask, jsonify, request
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

CLIENT, SECRET = "distributary", "the client's secret"


class Console(ClientMixin):  # type: ignore[misc]
    """The one client there is, with any redirect URI."""

    def get_client_id(self) -> str:
        return CLIENT

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri.endswith("/sessions/oidc/callback")

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class Code:
    """A code that was given out, with what it must be redeemed by."""

    def __init__(self, user: str, asked: Any, redirect_uri: str) -> None:
        self.user, self.redirect_uri, self.scope = user, redirect_uri, asked.scope
        self.nonce = asked.data.get("nonce")
        self.code_challenge = asked.data.get("code_challenge")
        self.code_challenge_method = asked.data.get("code_challenge_method")

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return str(self.scope)

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> int:
        return int(time.time())

    def get_acr(self) -> None: ...

    def get_amr(self) -> None: ...


CODES: dict[str, Code] = {}


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]
    def save_authorization_code(self, code: str, request: Any) -> None:
        CODES[code] = Code(request.user, request.payload, request.payload.redirect_uri)

    def query_authorization_code(self, code: str, client: Any) -> Code | None:
        return CODES.get(code)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        for code in [one for one, kept in CODES.items() if kept is authorization_code]:
            del CODES[code]

    def authenticate_user(self, authorization_code: Code) -> str:
        return authorization_code.user


class Issued:
    """What the issuer signs by; its key can be changed."""

    def __init__(self, address: str, algorithm: str) -> None:
        self.address, self.algorithm, self.count = address, algorithm, 0
        self.change()

    def change(self) -> None:
        self.count += 1
        about = {"kid": f"key-{self.count}", "use": "sig", "alg": self.algorithm}
        made = ECKey if self.algorithm == "ES256" else RSAKey
        size: Any = "P-256" if self.algorithm == "ES256" else 2048
        self.key: Any = made.generate_key(size, about)

    def sign(self, claims: dict[str, Any]) -> str:
        header = {"alg": self.algorithm, "kid": self.key.kid}
        return jwt.encode(header, claims, self.key, [self.algorithm])


class IdToken(OpenIDCode):  # type: ignore[misc]
    def __init__(self, issued: Issued) -> None:
        super().__init__(require_nonce=True)
        self.issued = issued

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        return any(code.nonce == nonce for code in CODES.values())

    def resolve_client_private_key(self, client: Any) -> Any:
        return self.issued.key

    def get_encode_header(self, client: Any) -> dict[str, str]:
        return {"alg": self.issued.algorithm, "kid": self.issued.key.kid}

    def get_client_algorithm(self, client: Any) -> str:
        return self.issued.algorithm

    def get_client_claims(self, client: Any) -> dict[str, Any]:
        return {"iss": self.issued.address}

    def generate_user_info(self, user: str, scope: str) -> UserInfo:
        return UserInfo(sub=f"sub-{user}", preferred_username=user)


def made(port: int, algorithm: str) -> Flask:
    address = f"http://127.0.0.1:{port}"
    app, issued = Flask("issuer"), Issued(address, algorithm)
    server = AuthorizationServer(app, lambda _: Console(), lambda *_: None)
    server.register_grant(CodeGrant, [CodeChallenge(required=True), IdToken(issued)])

    @app.get("/.well-known/openid-configuration")
    def metadata() -> Any:
        return jsonify(
            issuer=address,
            authorization_endpoint=f"{address}/authorize",
            token_endpoint=f"{address}/token",
            jwks_uri=f"{address}/keys",
            id_token_signing_alg_values_supported=[algorithm],
        )

    @app.get("/keys")
    def keys() -> Any:
        return jsonify(keys=[issued.key.as_dict(private=False)])

    @app.get("/authorize")
    def authorize() -> Any:
        grant = server.get_consent_grant(end_user=None)
        user = request.args.get("login_hint", "ann")
        return server.create_authorization_response(grant_user=user, grant=grant)

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    @app.post("/change")
    def change() -> Any:
        issued.change()
        return jsonify(kid=issued.key.kid)

    @app.post("/sign")
    def sign() -> Any:
        return jsonify(token=issued.sign(request.get_json()))

    return app


if __name__ == "__main__":
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # on this machine alone
    made(int(sys.argv[1]), sys.argv[2]).run("127.0.0.1", int(sys.argv[1]))
