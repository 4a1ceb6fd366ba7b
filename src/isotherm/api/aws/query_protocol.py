"""The query protocol: parameters in a query or form, answers in XML, or in JSON if asked."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from starlette.responses import Response

from isotherm.api.aws.description import Description, Shape
from isotherm.api.aws.faults import Shown
from isotherm.api.web.bodies import json_response

_MARKUP = re.compile("[&<>]")
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def time_text(at: datetime) -> str:
    return f"{at.replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def xml_answer(
    description: Description, operation: str, result: Mapping[str, Any], request_id: str
) -> Response:
    shape = description.output(operation)
    inner = _members(description, shape, result)
    wrapper = description.operations[operation].wrapper
    if wrapper:
        inner = f"<{wrapper}>{inner}</{wrapper}>"
    told = f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>"
    # Without a namespace: the agents on servers look for plain names.
    name = f"{operation}Response"
    return _xml(f"<{name}>{inner}{told}</{name}>", 200)


def xml_fault(fault: Shown, request_id: str) -> Response:
    return _xml(
        f"<ErrorResponse><Error><Type>{fault.blames}</Type><Code>{fault.code}</Code>"
        f"<Message>{_text(fault.message)}</Message></Error>"
        f"<RequestId>{request_id}</RequestId></ErrorResponse>",
        fault.status,
    )


def json_answer(description: Description, operation: str, result: Mapping[str, Any]) -> Response:
    """For those that ask with ``ContentType=JSON``."""
    shape = description.output(operation)
    told = {f"{operation}Result": _plain(description, shape, result)}
    return json_response({f"{operation}Response": told})


def _xml(text: str, status: int) -> Response:
    return Response(text.encode(), status, media_type="application/xml")


def _text(value: Any) -> str:
    text = _NOT_IN_XML.sub("\ufffd", str(value))
    return escape(text) if _MARKUP.search(text) else text


def _members(description: Description, shape: Shape, values: Mapping[str, Any]) -> str:
    """In the order of the description; what is None is left out."""
    shapes, parts = description.shapes, []
    for name, inner in shape.members.items():
        if (value := values.get(name)) is None:
            continue
        if type(value) is str:  # most are
            parts.append(f"<{name}>{_text(value)}</{name}>")
        else:
            parts.append(_element(description, shapes[inner], name, value))
    return "".join(parts)


def _element(description: Description, shape: Shape, name: str, value: Any) -> str:
    match shape.type:
        case "structure":
            content = _members(description, shape, value)
        case "list":
            inner = description.shapes[shape.member]
            each_name = name if shape.flattened else "member"
            content = "".join(_element(description, inner, each_name, each) for each in value)
            if shape.flattened:
                return content
        case "map":
            content = "".join(_entry(description, shape, key, each) for key, each in value.items())
        case _:
            content = _text(_scalar(value))
    return f"<{name}>{content}</{name}>"


def _entry(description: Description, shape: Shape, key: str, value: Any) -> str:
    told = _element(description, description.shapes[shape.value], "value", value)
    return f"<entry><key>{_text(key)}</key>{told}</entry>"


def _scalar(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            return time_text(value)
        case bytes():
            return base64.b64encode(value).decode()
    return str(value)


def _plain(description: Description, shape: Shape, value: Any) -> Any:
    """Without what is None, times as texts."""
    match shape.type:
        case "structure":
            return {
                name: _plain(description, description.shapes[inner], value[name])
                for name, inner in shape.members.items()
                if value.get(name) is not None
            }
        case "list":
            inner = description.shapes[shape.member]
            return [_plain(description, inner, each) for each in value]
        case "map":
            inner = description.shapes[shape.value]
            return {key: _plain(description, inner, each) for key, each in value.items()}
        case "timestamp" | "blob":
            return _scalar(value)
    return value
