"""Notices to programs: webhooks as Standard Webhooks has them, and robots of chats."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

import msgspec

from infra.egress import Egress
from services.notices.destinations import PREFIX, Destination
from services.notices.messages import NoticeMessage

GONE = 410
JSON = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Distributary"}


class SendFailed(Exception):
    """The receiver did not take it; where it is `gone` it wants nothing more."""

    def __init__(self, message: str, *, gone: bool = False) -> None:
        super().__init__(message)
        self.gone = gone


class WebhookRequest(NamedTuple):
    url: str
    body: bytes
    headers: Mapping[str, str]


def post(egress: Egress, to: Destination, message: NoticeMessage, seconds: int) -> None:
    """Send a message at an instant, in seconds since the epoch; raises `SendFailed`."""
    request = REQUESTS[to.channel](to, message, seconds)
    answer = egress.post(request.url, request.body, request.headers)
    if not 200 <= answer.status < 300:
        raise SendFailed(f"answered {answer.status}", gone=answer.status == GONE)
    if to.channel != "webhook" and (why := _robot_refusal(answer.body)):
        raise SendFailed(why)


def signature(secret: str, id: str, seconds: int, body: bytes) -> str:
    """Of Standard Webhooks: the receiver makes it anew and compares."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return f"v1,{_hmac(key, f'{id}.{seconds}.'.encode() + body)}"


def _standard(to: Destination, message: NoticeMessage, seconds: int) -> WebhookRequest:
    last = message.items[-1]
    several = len(message.items) > 1
    content = {
        "type": "digest" if several else last["type"],
        "timestamp": last["occurred_at"],
        "data": {"notices": message.items} if several else last,
    }
    body = msgspec.json.encode(content)
    headers = {
        **JSON,
        "webhook-id": message.id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": signature(to.secret, message.id, seconds, body),
    }
    return WebhookRequest(to.address, body, headers)


def _wecom(to: Destination, message: NoticeMessage, _: int) -> WebhookRequest:
    content = {"msgtype": "text", "text": {"content": message.text}}
    return WebhookRequest(to.address, msgspec.json.encode(content), JSON)


def _dingtalk(to: Destination, message: NoticeMessage, seconds: int) -> WebhookRequest:
    """The signature stands in the address; the instant is in milliseconds."""
    content = {"msgtype": "text", "text": {"content": message.text}}
    url = to.address
    if to.secret:
        at = str(seconds * 1_000)
        sign = _hmac(to.secret.encode(), f"{at}\n{to.secret}".encode())
        url += ("&" if "?" in url else "?") + urlencode({"timestamp": at, "sign": sign})
    return WebhookRequest(url, msgspec.json.encode(content), JSON)


def _feishu(to: Destination, message: NoticeMessage, seconds: int) -> WebhookRequest:
    """The key of the signature is what others sign, and nothing is signed."""
    content: dict[str, Any] = {"msg_type": "text", "content": {"text": message.text}}
    if to.secret:
        sign = _hmac(f"{seconds}\n{to.secret}".encode(), b"")
        content = {"timestamp": str(seconds), "sign": sign, **content}
    return WebhookRequest(to.address, msgspec.json.encode(content), JSON)


REQUESTS: Mapping[str, Callable[[Destination, NoticeMessage, int], WebhookRequest]] = {
    "webhook": _standard,
    "wecom": _wecom,
    "dingtalk": _dingtalk,
    "feishu": _feishu,
}


def _robot_refusal(body: bytes) -> str | None:
    """What a robot says where it refuses: it answers 200 all the same."""
    try:
        told = msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.DecodeError:
        return None
    code = told.get("errcode", told.get("code", 0))
    return None if code == 0 else f"refused with {code}: {told.get('errmsg') or told.get('msg')}"


def _hmac(key: bytes, content: bytes) -> str:
    return base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
