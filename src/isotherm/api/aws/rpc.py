"""The protocols of newer clients: one operation a request, named beside its arguments, which come
as JSON or CBOR."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from isotherm.api.aws import cbor
from isotherm.api.aws.description import Description, Shape
from isotherm.api.aws.door import Action, AwsDoor
from isotherm.api.aws.faults import (
    InvalidParameterValue,
    InvalidQueryParameter,
    MissingParameter,
    Shown,
    shown,
)
from isotherm.api.aws.reading import check_bounds
from isotherm.api.web.faults import Faults
from isotherm.api.web.request_ids import RequestIds
from isotherm.api.web.request_log import RequestLog
from isotherm.usecases.services import Services

_MOST = 10_000


def _decode_json(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body or b"{}")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InvalidParameterValue("The body is no JSON.") from None


def _decode_cbor(body: bytes) -> Any:
    return cbor.decode(body) if body else {}


@dataclass(frozen=True, slots=True)
class Codec:
    media_type: str
    decode: Callable[[bytes], Any]
    encode: Callable[[Any], bytes]
    headers: Mapping[str, str]


def _encode_json(value: Any) -> bytes:
    return msgspec.json.encode(_with_numbers(value))


def _with_numbers(value: Any) -> Any:
    """Times as seconds since 1970."""
    match value:
        case datetime():
            return value.timestamp()
        case dict():
            return {name: _with_numbers(each) for name, each in value.items()}
        case list():
            return [_with_numbers(each) for each in value]
    return value


JSON = Codec(
    "application/x-amz-json-1.0",
    _decode_json,
    _encode_json,
    {},
)
CBOR = Codec("application/cbor", _decode_cbor, cbor.encode, {"smithy-protocol": "rpc-v2-cbor"})


def codec_of(headers: Mapping[str, str]) -> Codec | None:
    """None where the client speaks the query protocol."""
    if headers.get("smithy-protocol") == "rpc-v2-cbor":
        return CBOR
    return JSON if "x-amz-target" in headers else None


class RpcDoor(AwsDoor):
    """The same actions for these clients."""

    def __init__(
        self,
        services: Services,
        description: Description,
        actions: tuple[Action, ...],
        codec: Codec,
    ) -> None:
        super().__init__(services, description, actions)
        self._codec = codec

    async def respond(self, request: Request) -> Response:
        sent = await self.read(request, form=False)
        name, result = await self.answer(
            sent, _operation(request), lambda operation: self._arguments(operation, sent.content)
        )
        told = _plain(self._description, self._description.output(name), result)
        return _response(self._codec, told, 200)

    def _arguments(self, operation: str, body: bytes) -> dict[str, Any]:
        given = self._codec.decode(body)
        shape = self._description.input(operation)
        found: dict[str, Any] = _read(self._description, shape, given, "")
        return found


def with_rpc_faults(app: ASGIApp, codec: Codec) -> ASGIApp:
    """``app`` with request ids, a line in the log, and faults in the form of the codec."""

    def fault(error: Exception) -> Response:
        return _fault(codec, shown(error))

    return RequestIds(RequestLog(Faults(app, fault)))


def _fault(codec: Codec, fault: Shown) -> Response:
    response = _response(codec, {"__type": fault.code, "message": fault.message}, fault.status)
    response.headers["x-amzn-query-error"] = f"{fault.code};{fault.blames}"
    return response


def _response(codec: Codec, value: Any, status: int) -> Response:
    content = codec.encode(value)
    return Response(content, status, dict(codec.headers), media_type=codec.media_type)


def _operation(request: Request) -> str:
    """From the header of JSON requests, or the end of the path of CBOR ones."""
    target = request.headers.get("x-amz-target", request.url.path)
    return target.rpartition("." if "x-amz-target" in request.headers else "/")[2]


def _read(description: Description, shape: Shape, value: Any, path: str) -> Any:
    """A value as the description has it. Raises AwsFault."""
    match shape.type:
        case "structure":
            return _structure(description, shape, value, path)
        case "list":
            if not isinstance(value, list) or len(value) > _MOST:
                raise InvalidParameterValue(f"{path} must be a list.")
            inner = description.shapes[shape.member]
            return [
                _read(description, inner, each, f"{path}[{at}]") for at, each in enumerate(value)
            ]
        case "map":
            if not isinstance(value, dict):
                raise InvalidParameterValue(f"{path} must be a map.")
            inner = description.shapes[shape.value]
            return {
                str(k): _read(description, inner, each, f"{path}.{k}") for k, each in value.items()
            }
    return _scalar(shape, value, path)


def _structure(description: Description, shape: Shape, value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidParameterValue(f"{path or 'The body'} must be a map.")
    given = {name: each for name, each in value.items() if each is not None}
    for name in given:
        if name not in shape.members:
            raise InvalidQueryParameter(f"There is no parameter {path}{name}"[:200])
    for name in shape.required:
        if name not in given:
            raise MissingParameter(f"The parameter {path}{name} is missing.")
    return {
        name: _read(description, description.shapes[shape.members[name]], each, f"{path}{name}")
        for name, each in given.items()
    }


def _scalar(shape: Shape, value: Any, path: str) -> Any:
    wrong = InvalidParameterValue(f"{path} is not of type {shape.type}.")
    match shape.type:
        case "integer" | "long" | "float" | "double":
            return check_bounds(shape, _number(shape, value, wrong), path)
        case "boolean":
            if not isinstance(value, bool):
                raise wrong
            return value
        case "timestamp":
            return _time(value, wrong)
        case "blob":
            return _blob(value, wrong)
    if not isinstance(value, str):
        raise wrong
    if shape.enum and value not in shape.enum:
        raise InvalidParameterValue(f"{path} must be one of {', '.join(shape.enum)}.")
    return value


def _number(shape: Shape, value: Any, wrong: InvalidParameterValue) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong
    if shape.type in ("float", "double"):
        return value
    if value != value // 1:
        raise wrong
    return int(value)


def _time(value: Any, wrong: InvalidParameterValue) -> datetime:
    if isinstance(value, datetime):
        return value
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        at = datetime.fromisoformat(str(value))
    except (ValueError, OverflowError, OSError):
        raise wrong from None
    return at.replace(tzinfo=at.tzinfo or UTC)


def _blob(value: Any, wrong: InvalidParameterValue) -> bytes:
    try:
        return value if isinstance(value, bytes) else base64.b64decode(str(value), validate=True)
    except (ValueError, binascii.Error):
        raise wrong from None


def _plain(description: Description, shape: Shape, value: Any) -> Any:
    """Without what is None."""
    match shape.type:
        case "structure":
            return {
                name: _plain(description, description.shapes[inner], value[name])
                for name, inner in shape.members.items()
                if value.get(name) is not None
            }
        case "list":
            return [_plain(description, description.shapes[shape.member], each) for each in value]
        case "float" | "double":
            return float(value)
    return value
