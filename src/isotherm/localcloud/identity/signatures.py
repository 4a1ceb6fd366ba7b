"""Signatures of AWS requests, as identity checks them for services that speak EC2 and S3.

The service that got the request sends it on in parts; identity knows the secret and computes
the signature again.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import quote

import msgspec

from isotherm.localcloud.clock import time_of

# How old a signature may be, in seconds.
LIFETIME = 15 * 60
_ALGORITHM = "AWS4-HMAC-SHA256"
# Identity knows the names of these two in no other spelling.
_AUTHORIZATION, _DATE = "Authorization", "X-Amz-Date"
_TIMES = ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%S", "%Y%m%dT%H%M%SZ")


class SignedRequest(msgspec.Struct, kw_only=True):
    """`params` is the query or form, `body_hash` the SHA-256 of the body."""

    access: str = ""
    signature: str = ""
    token: str | None = None
    host: str = ""
    verb: str = ""
    path: str = ""
    params: dict[str, str] = {}
    headers: dict[str, str] = {}
    body_hash: str = ""


def is_ec2_signature(request: SignedRequest, secret: str, now: float) -> bool:
    """Versions 0, 1, 2 and 4; false for a signature that is too old."""
    params, headers = request.params, request.headers
    is_version_4 = (
        headers.get(_AUTHORIZATION, "").startswith(_ALGORITHM)
        or params.get("X-Amz-Algorithm") == _ALGORITHM
    )
    if not _is_recent(params, headers, now):
        return False
    if is_version_4:
        return _matches(_version_4(request, headers, secret), request.signature)
    compute = _BY_VERSION.get(params.get("SignatureVersion", ""))
    if compute is None:
        return False
    # Some clients sign the host without its port.
    hosts = dict.fromkeys((request.host, request.host.partition(":")[0]))
    return any(
        _matches(compute(msgspec.structs.replace(request, host=host), secret), request.signature)
        for host in hosts
    )


def is_s3_signature(request: SignedRequest, secret: str) -> bool:
    """`token` is the text that was signed, in base 64; version 4 texts say so themselves."""
    try:
        text = base64.urlsafe_b64decode(request.token or "")
    except ValueError:
        return False
    lines = text.decode("utf-8", "replace").split("\n")
    if lines[0] != _ALGORITHM:
        return _matches(_base64_mac(secret, text, "sha1"), request.signature)
    if len(lines) < 4:
        return False
    key = _signing_key(secret, lines[2].split("/"))
    return _matches(hmac.new(key, text, "sha256").hexdigest(), request.signature)


def _matches(computed: str, given: str) -> bool:
    return hmac.compare_digest(computed.encode(), given.encode())


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _is_recent(params: Mapping[str, str], headers: Mapping[str, str], now: float) -> bool:
    text = params.get("Timestamp") or params.get("X-Amz-Date") or headers.get(_DATE)
    if text is None:
        # Who signs no time leaves it out on purpose: agents on servers do.
        return True
    at = time_of(text, *_TIMES)
    return at is not None and abs(now - at) <= LIFETIME


def _version_0(request: SignedRequest, secret: str) -> str:
    text = request.params.get("Action", "") + request.params.get("Timestamp", "")
    return _base64_mac(secret, text.encode(), "sha1")


def _version_1(request: SignedRequest, secret: str) -> str:
    pairs = sorted(request.params.items(), key=lambda pair: pair[0].lower())
    text = "".join(name + value for name, value in pairs)
    return _base64_mac(secret, text.encode(), "sha1")


def _version_2(request: SignedRequest, secret: str) -> str:
    query = "&".join(
        f"{quote(name, safe='')}={quote(request.params[name], safe='-_~')}"
        for name in sorted(request.params)
    )
    text = "\n".join((request.verb, request.host, request.path, query))
    digest = "sha1" if request.params.get("SignatureMethod") == "HmacSHA1" else "sha256"
    return _base64_mac(secret, text.encode(), digest)


_BY_VERSION = {"0": _version_0, "1": _version_1, "2": _version_2}


def _version_4(request: SignedRequest, headers: Mapping[str, str], secret: str) -> str:
    params = request.params
    credential = params.get("X-Amz-Credential") or _field(headers, "Credential")
    signed = params.get("X-Amz-SignedHeaders") or _field(headers, "SignedHeaders")
    at = params.get("X-Amz-Date") or headers.get(_DATE, "")
    scope = credential.split("/")[1:]
    # The form of a POST is in the body, whose hash is signed.
    query = {} if request.verb.upper() == "POST" else params
    canonical = "\n".join(
        (
            request.verb.upper(),
            request.path,
            "&".join(
                f"{quote(name, safe='-_.~')}={quote(query[name], safe='-_.~')}"
                for name in sorted(query)
            ),
            _canonical_headers(_lower(headers), signed.split(";")),
            signed,
            request.body_hash,
        )
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = "\n".join((_ALGORITHM, at, "/".join(scope), digest))
    return hmac.new(_signing_key(secret, scope), text.encode(), "sha256").hexdigest()


def _field(headers: Mapping[str, str], name: str) -> str:
    """A part of `AWS4-HMAC-SHA256 Credential=..., SignedHeaders=..., Signature=...`."""
    for part in headers.get(_AUTHORIZATION, "").removeprefix(_ALGORITHM).split(","):
        key, _, value = part.strip().partition("=")
        if key == name:
            return value
    return ""


def _canonical_headers(headers: Mapping[str, str], signed: list[str]) -> str:
    """The signed headers that were passed on; the others are left out, as identity does."""
    lines = [f"{name}:{headers[name].strip()}" for name in signed if name in headers]
    return "\n".join(lines) + "\n"


def _signing_key(secret: str, scope: list[str]) -> bytes:
    """`scope`: day, region, service, `aws4_request`."""
    key = f"AWS4{secret}".encode()
    for part in scope:
        key = hmac.new(key, part.encode(), "sha256").digest()
    return key


def _base64_mac(secret: str, text: bytes, digest: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), text, digest).digest()).decode()
