"""Request and response bodies: JSON, within limits."""

from __future__ import annotations

import contextlib
import json
import math
from typing import Any

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from isotherm.core.errors import RequestLimitExceeded
from isotherm.core.values import Secret, Unknown, redact
from isotherm.usecases.refusals import BadRequest

_DRAINED = 16 * 1024 * 1024
"""How much of a body that is too large is thrown away, so that its sender gets the answer."""


def _shown(value: Any) -> Any:
    """Markers that a view left inside its data are shown as what they are, never revealed."""
    if isinstance(value, Secret | Unknown):
        return redact(value)
    raise TypeError(f"{type(value).__name__} has no place in an answer")


_decoder = msgspec.json.Decoder()
_encoder = msgspec.json.Encoder(enc_hook=_shown)


def with_endless_numbers(value: Any) -> Any:
    """``value`` with numbers that JSON has no word for as many of its readers know them."""
    if isinstance(value, float) and not math.isfinite(value):
        return msgspec.Raw(json.dumps(value).encode())
    if isinstance(value, dict):
        return {key: with_endless_numbers(each) for key, each in value.items()}
    if isinstance(value, list):
        return [with_endless_numbers(each) for each in value]
    return value


def json_response(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(_encoder.encode(data), status, headers=headers, media_type="application/json")


async def read_object(request: Request, limit: int) -> dict[str, Any]:
    """The JSON object in the body; raises BadRequest or RequestLimitExceeded."""
    return _object(await read_bytes(request, limit))


async def read_optional_object(request: Request, limit: int) -> dict[str, Any] | None:
    """The same where a body may be missing or null."""
    content = await read_bytes(request, limit)
    return None if content.strip() in (b"", b"null") else _object(content)


def details_in(content: bytes) -> dict[str, Any] | None:
    """What a signal tells: an object. None where there is no body; data of any other kind say as
    little. Raises BadRequest for what is no JSON."""
    data = _data(content) if content.strip() else None
    return data if isinstance(data, dict) else None


def _object(content: bytes) -> dict[str, Any]:
    data = _data(content)
    if not isinstance(data, dict):
        raise BadRequest("The body is not a JSON object.")
    return data


def _data(content: bytes) -> Any:
    try:
        return _decoded(content)
    except UnicodeDecodeError:
        raise BadRequest("The body is not JSON: it is not UTF-8.") from None
    except msgspec.DecodeError as error:
        raise BadRequest(f"The body is not JSON: {error}") from None
    except RecursionError:
        raise BadRequest("The body is nested too deeply.") from None


def _decoded(content: bytes) -> Any:
    """The data, also where it has numbers without end: clients write those of a template so."""
    try:
        return _decoder.decode(content)
    except msgspec.DecodeError:
        if b"Infinity" in content or b"NaN" in content:
            with contextlib.suppress(ValueError):
                return json.loads(content)
        raise


async def read_bytes(request: Request, limit: int, called: str = "JSON body") -> bytes:
    """The body as it is; raises BadRequest or RequestLimitExceeded."""
    announced = _announced(request)
    kept = bytearray()
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if max(size, announced) <= limit:
                kept += chunk
            elif size > _DRAINED:
                break
    except ClientDisconnect:
        raise BadRequest("The body is incomplete.") from None
    if max(size, announced) > limit:
        raise RequestLimitExceeded(
            f"Request limit exceeded: {called} size ({max(size, announced)} bytes) exceeds "
            f"maximum allowed size ({limit} bytes)."
        )
    return bytes(kept)


def _announced(request: Request) -> int:
    length = request.headers.get("content-length", "")
    return int(length) if length.isdecimal() else 0
