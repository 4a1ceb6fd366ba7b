"""From the arguments of actions to what use cases take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from isotherm.api.aws.door import AwsCall
from isotherm.api.aws.faults import AwsFault, InvalidParameterValue
from isotherm.kit.measures import Dimensions, Series

T = TypeVar("T")
MOST_DIMENSIONS = 30


class ResourceNotFound(AwsFault):
    status, code = 404, "ResourceNotFound"


class InvalidNextToken(AwsFault):
    code = "InvalidNextToken"


def dimensions_of(said: Iterable[Mapping[str, Any]] | None) -> Dimensions:
    """In the order of their names. Raises InvalidParameterValue."""
    pairs = [(str(each["Name"]), str(each["Value"])) for each in said or ()]
    if len(pairs) > MOST_DIMENSIONS:
        raise InvalidParameterValue(f"A metric has at most {MOST_DIMENSIONS} dimensions.")
    if len({name for name, _ in pairs}) != len(pairs):
        raise InvalidParameterValue("A dimension is given twice.")
    if any(not name or not value or len(name) > 255 or len(value) > 1024 for name, value in pairs):
        raise InvalidParameterValue("A dimension has a name and a value, neither very long.")
    return tuple(sorted(pairs))


def series_of(call: AwsCall, said: Mapping[str, Any], namespace: str) -> Series:
    name = str(said["MetricName"])
    if not 1 <= len(name) <= 255 or not 1 <= len(namespace) <= 255:
        raise InvalidParameterValue("Names have between 1 and 255 characters.")
    return Series(
        project_id=call.caller.project_id,
        namespace=namespace,
        name=name,
        dimensions=dimensions_of(said.get("Dimensions")),
    )


def unit_of(said: Mapping[str, Any]) -> str:
    """Empty where there is none."""
    unit = str(said.get("Unit") or "")
    return "" if unit == "None" else unit


def shown_dimensions(series: Series) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in series.dimensions]


def page(call: AwsCall, found: Sequence[T], usual: int) -> tuple[Sequence[T], str | None]:
    """A part of what was found, and the token that leads to the next."""
    token, most = call.arguments.get("NextToken") or "0", call.arguments.get("MaxRecords") or usual
    if not token.isdecimal() or len(token) > 9:
        raise InvalidNextToken("There is no such page.")
    start = int(token)
    end = start + int(most)
    return found[start:end], str(end) if end < len(found) else None
