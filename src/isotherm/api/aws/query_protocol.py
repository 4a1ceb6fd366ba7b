"""The query protocol: parameters in a query or form, answers in XML, or in JSON if asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from isotherm.api.aws.description import Description, Shape
from isotherm.api.aws.elements import Elements, escaped, scalar_text
from isotherm.api.aws.faults import Shown
from isotherm.api.web.bodies import json_response


def xml_answer(
    elements: Elements, operation: str, result: Mapping[str, Any], request_id: str
) -> Response:
    declared = elements.description.operations[operation]
    inner, wrapper = elements.content(declared.output, result), declared.wrapper
    if wrapper:
        inner = f"<{wrapper}>{inner}</{wrapper}>"
    told = f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>"
    # Without a namespace: the agents on servers look for plain names.
    name = f"{operation}Response"
    return _xml(f"<{name}>{inner}{told}</{name}>", 200)


def xml_fault(fault: Shown, request_id: str) -> Response:
    return _xml(
        f"<ErrorResponse><Error><Type>{fault.blames}</Type><Code>{fault.code}</Code>"
        f"<Message>{escaped(fault.message)}</Message></Error>"
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
            return scalar_text(value)
    return value
