"""Finds the AWS signature of a request: version 4 or 2, in headers, query or form."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from isotherm.api.aws.faults import (
    AuthorizationQueryParametersError,
    IncompleteSignature,
    MissingAuthenticationToken,
    RequestExpired,
)
from isotherm.ports.cloud import SignedRequest

_VERSION_4 = "AWS4-HMAC-SHA256"
_SKEW = timedelta(minutes=15)
"""How far the clock of a client may be off; identity allows no more either."""
_LONGEST = timedelta(days=7)
"""For which an address may be signed."""
_TIMES = ("%Y%m%dT%H%M%SZ", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%S")

PARAMETERS = frozenset(
    {"AWSAccessKeyId", "Expires", "Signature", "SignatureMethod", "SignatureVersion", "Timestamp"}
)
"""Of the query or form, about the signature and not for the action; see ``is_about_signature``."""


def is_about_signature(parameter: str) -> bool:
    return parameter in PARAMETERS or parameter.startswith("X-Amz-")


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it came over the wire; header names in lower case. ``parameters`` are those
    of the query and the form; ``content`` is the body, unpacked where it was compressed."""

    verb: str
    path: str
    query: str
    headers: Mapping[str, str]
    parameters: Mapping[str, str]
    body: bytes
    content: bytes


def read_signature(sent: Sent, now: datetime) -> SignedRequest | None:
    """What identity is asked; None where there is no signature. Raises IncompleteSignature, also
    for what identity could not check, MissingAuthenticationToken, and RequestExpired where it
    was signed too long ago, or is to be in future, or for longer than may be."""
    authorization = sent.headers.get("authorization", "")
    if authorization.startswith(_VERSION_4):
        fields = _fields(authorization)
        _require_covered(sent)
        _require_now(sent.headers.get("x-amz-date", ""), now, None)
        credential, signature = fields.get("Credential", ""), fields.get("Signature", "")
    elif sent.parameters.get("X-Amz-Algorithm") == _VERSION_4:
        if sent.verb == "POST":
            raise IncompleteSignature(
                "A POST is signed by its Authorization header: of addresses, only those for GET"
                " can be signed."
            )
        _require_now(sent.parameters.get("X-Amz-Date", ""), now, _lifetime(sent.parameters))
        credential = sent.parameters.get("X-Amz-Credential", "")
        signature = sent.parameters.get("X-Amz-Signature", "")
    elif "Signature" in sent.parameters:
        if sent.parameters.get("SignatureVersion") != "2":
            raise IncompleteSignature("SignatureVersion must be 2, or sign with AWS4-HMAC-SHA256.")
        if "Timestamp" in sent.parameters:
            _require_now(sent.parameters["Timestamp"], now, None)
        if "Expires" in sent.parameters:
            _require_before(sent.parameters["Expires"], now)
        credential = sent.parameters.get("AWSAccessKeyId", "")
        signature = sent.parameters["Signature"]
    else:
        return None
    access = credential.partition("/")[0]
    if not signature:
        raise IncompleteSignature("The signature is empty.")
    if not access:
        raise MissingAuthenticationToken("The signature names no access key.")
    return _asked(sent, access, signature)


def _asked(sent: Sent, access: str, signature: str) -> SignedRequest:
    return SignedRequest(
        access=access,
        signature=signature,
        host=sent.headers.get("host", ""),
        verb=sent.verb,
        path=sent.path,
        parameters=dict(sent.parameters),
        headers=dict(sent.headers),
        body_hash=hashlib.sha256(sent.body).hexdigest(),
    )


def _require_covered(sent: Sent) -> None:
    """Of a POST, identity takes nothing but the body for signed: whoever has one that is signed
    could send it with another query. Raises IncompleteSignature."""
    if sent.verb == "POST" and sent.query:
        raise IncompleteSignature(
            "The signature of a POST does not cover its query: send the parameters in the body."
        )


def _fields(authorization: str) -> dict[str, str]:
    """The parts of ``AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…``."""
    parts = authorization.removeprefix(_VERSION_4).split(",")
    pairs = (part.strip().partition("=") for part in parts)
    return {name: value for name, _, value in pairs}


def is_old(sent: Sent, now: datetime) -> bool:
    """Whether an address, though signed for so long, is older than identity takes by default."""
    at = _time(sent.parameters.get("X-Amz-Date", ""))
    return at is not None and now > at + _SKEW


def _lifetime(parameters: Mapping[str, str]) -> timedelta:
    """Raises AuthorizationQueryParametersError."""
    if (seconds := parameters.get("X-Amz-Expires")) is None:
        return _SKEW
    told = int(seconds) if seconds.isascii() and seconds.isdecimal() and len(seconds) < 7 else 0
    if not 0 < told <= _LONGEST.total_seconds():
        raise AuthorizationQueryParametersError(
            "X-Amz-Expires must be a number of seconds from 1 to 604800, which is a week."
        )
    return timedelta(seconds=told)


def _require_before(end: str, now: datetime) -> None:
    at = _time(end)
    if at is None:
        raise IncompleteSignature("Expires must be a time, as 2030-01-31T12:00:00Z.")
    if now > at:
        raise RequestExpired(f"The request was signed for the time until {end}, which is over.")


def _require_now(signed_at: str, now: datetime, lifetime: timedelta | None) -> None:
    at = _time(signed_at)
    if at is None:
        raise IncompleteSignature("The request does not tell when it was signed.")
    if not at - _SKEW <= now <= at + (lifetime or _SKEW):
        raise RequestExpired(f"The request was signed at {signed_at}, which is not now.")


def _time(text: str) -> datetime | None:
    for form in _TIMES:
        with suppress(ValueError):
            return datetime.strptime(text, form).replace(tzinfo=UTC)
    return None
