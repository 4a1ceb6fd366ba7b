"""Secrets and their payloads."""

import base64
import binascii
from typing import Any

from isotherm.localcloud.exchange import Call, Caller, Fault, Reply
from isotherm.localcloud.key_manager.dialect import KeyDialect, KeyKind
from isotherm.localcloud.key_manager.entities import Secret
from isotherm.localcloud.key_manager.state import KeyManager, may_read
from isotherm.localcloud.kinds import Listing, Wish, said_only
from isotherm.localcloud.kinds.checks import one_of, or_none, text

TEXT, BINARY = "text/plain", "application/octet-stream"
MOST = 20_000
"""Bytes of a payload."""
_TYPES = {TEXT: TEXT, "text/plain;charset=utf-8": TEXT, "text/plain; charset=utf-8": TEXT}
DIALECT = KeyDialect("Secret")


def create(keys: KeyManager, call: Call, wish: Wish) -> Secret:
    expiration = wish.get("expiration")
    if expiration is not None and expiration <= keys.now():
        raise DIALECT.misfitting("'expiration' is before current time", "expiration")
    content_type, payload = wish["payload_content_type"], wish["payload"]
    if payload is None and content_type is not None:
        raise DIALECT.misfitting(
            "payload must be provided when payload_content_type is specified", "payload"
        )
    stored = None if payload is None else _encoded(wish, str(payload))
    known = _TYPES.get(str(content_type).lower(), content_type)
    wish = {**wish, "payload": stored}
    return SECRETS.add(keys, call.caller, wish, content_type=known)


def _encoded(wish: Wish, payload: str) -> str:
    """The payload as base64. Raises Fault 400, 413."""
    content_type, encoding = wish["payload_content_type"], wish["payload_content_encoding"]
    if content_type is None:
        raise DIALECT.misfitting(
            "If 'payload' is supplied, 'payload_content_type' must also be supplied.",
            "payload_content_type",
        )
    if not payload:
        raise DIALECT.misfitting("If 'payload' specified, must be non empty", "payload")
    if _TYPES.get(content_type.lower()) == TEXT:
        if encoding is not None:
            raise DIALECT.misfitting(
                "payload_content_encoding is not one of None", "payload_content_encoding"
            )
        return _fitting(payload.encode())
    if content_type != BINARY:
        raise DIALECT.misfitting(
            f"payload_content_type is not one of {[*_TYPES, BINARY, 'application/pkcs8']}",
            "payload_content_type",
        )
    if encoding is None:
        raise DIALECT.misfitting(
            "payload_content_encoding is not one of ['base64', 'binary']",
            "payload_content_encoding",
        )
    try:
        return _fitting(base64.b64decode(payload))
    except binascii.Error:
        raise DIALECT.misfitting(
            "Invalid payload for payload_content_encoding", "payload"
        ) from None


def _fitting(payload: bytes) -> str:
    if len(payload) > MOST:
        raise Fault(413, "Provided information too large to process")
    return base64.b64encode(payload).decode()


def sees(keys: KeyManager, caller: Caller, secret: Secret) -> bool:
    return may_read(caller, secret) and not keys.is_over(secret)


def _more(keys: KeyManager, call: Call, secret: Secret, view: str) -> dict[str, Any]:
    known = secret.content_type
    return {"content_types": {"default": known}} if known else {}


SECRETS = KeyKind[Secret](
    dialect=DIALECT,
    name="secret",
    entity=Secret,
    verbs=("create", "list", "show", "delete"),
    also={
        "payload": said_only(or_none(text(0, 10**9)), update=False, default=None, secret=True),
        "payload_content_type": said_only(or_none(text()), update=False, default=None),
        "payload_content_encoding": said_only(
            or_none(one_of("base64")), update=False, default=None
        ),
    },
    limit="secrets",
    listing=Listing(
        filters=("name", "mode", "secret_type"),
        matchers={
            "alg": lambda _, secret, said: secret.algorithm == said,
            "bits": lambda _, secret, said: str(secret.bit_length) == said,
        },
    ),
    create=create,
    more=_more,
    visible=sees,
    find_as=KeyManager.find_secret,
)


@SECRETS.routes.put(SECRETS.one, "secret.update", status=204)
def set_payload(keys: KeyManager, call: Call) -> None:
    """The payload that a secret was made without."""
    secret = SECRETS.of(keys, call)
    if secret.payload is not None:
        raise Fault(409, "Secret already has data, cannot modify it.")
    if not call.body:
        raise Fault(400, "No data supplied to process.")
    secret.payload = _fitting(call.body)
    content_type = call.headers.get("content-type", TEXT)
    secret.content_type = _TYPES.get(content_type.lower(), content_type)
    SECRETS.touch(keys, secret)


@SECRETS.routes.get(f"{SECRETS.one}/payload", "secret.show_payload")
def show_payload(keys: KeyManager, call: Call) -> Reply:
    secret = SECRETS.of(keys, call)
    if secret.payload is None or secret.content_type is None:
        raise Fault(404, "Not Found. Sorry but your secret has no payload.")
    accepted = call.headers.get("accept", "*/*").split(",")[0].partition(";")[0].strip()
    if accepted not in ("*/*", secret.content_type):
        message = "Secret payload retrieval issue seen - Wrong payload content-type."
        raise Fault(406, message)
    headers = {"Content-Type": secret.content_type}
    return Reply(200, base64.b64decode(secret.payload), headers)
