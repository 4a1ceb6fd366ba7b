"""Requests of clients of AWS, made from Amazon's own descriptions, with slips in them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import import_module
from random import Random
from typing import Any
from urllib.parse import urlencode

from tests.desk import TEMPLATE

from fuzz.mutations import mutated
from fuzz.requests import ODD_TEXTS, TOKENS, Asked
from isotherm.api.aws import cbor
from isotherm.api.aws.description import Description, Shape, load_description
from isotherm.core.arns import stack_arn

DOORS = {"/cfn/v1/": "isotherm.api.cfn", "/cloudwatch/": "isotherm.api.cloudwatch"}
_FORM = "application/x-www-form-urlencoded"
_NOW = datetime(2030, 1, 31, 12, tzinfo=UTC)
_DEEPEST = 6

_KNOWN: Mapping[str, Sequence[str]] = {
    "LogicalResourceId": ("a", "w", "none"),
    "ChangeSetName": ("first", "second"),
    "ExportName": ("e",),
    "ParameterKey": ("p", "s"),
    "PhysicalResourceId": ("a-id",),
    "ResourceType": ("OS::Heat::Value", "OS::Heat::TestResource"),
    "UniqueId": ("1", "2"),
    "AlarmName": ("high", "low"),
    "AlarmNames": ("high", "low"),
    "Namespace": ("App", "AWS/EC2"),
    "MetricName": ("load", "memory"),
    "AlarmRule": ("ALARM(high)", "ALARM(high) AND NOT OK(low)", "TRUE"),
    "Expression": ("m1 * 2", "SUM(METRICS())", "m1 / 0", "FILL(m1, 0)"),
    "Statistics": ("Average", "Sum"),
    "ExtendedStatistics": ("p99", "p99.9"),
    "Unit": ("Count", "None"),
    "Id": ("m1", "e1"),
    "NextToken": ("1:a",),
    "ResourceARN": ("arn:aws:cloudwatch:here:demo-project:alarm:high",),
    "ComparisonOperator": ("GreaterThanThreshold", "LessThanThreshold"),
}
"""What leads somewhere, by the name of the member."""


_OFFERED = "offered"
"""Among the texts: the parameters that the operation takes."""
_MOSTLY = frozenset(
    (
        *("TemplateBody", "StackName", "ParameterKey", "Value", "Namespace", "MetricName"),
        *("Statistic", "Period", "EvaluationPeriods", "Threshold", "ComparisonOperator"),
    )
)
"""Members that most requests have, though not all must."""


class AwsRequests:
    """Makes requests to both doors, in each form that they understand."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def next(self, places: Mapping[str, str]) -> Asked:
        random = self._random
        path = random.choice(list(DOORS))
        description = load_described(DOORS[path])
        operation = random.choice([*description.operations, *random.sample(description.absent, 1)])
        arguments: Any = {}
        if operation in description.operations:
            texts = {**_texts(places), _OFFERED: _offered(DOORS[path], operation)}
            made = self._value(description, description.input(operation), "", texts, 0)
            arguments = mutated(made, random) if self._slips(6) else made
        if self._slips(20) and isinstance(arguments, dict):
            arguments[random.choice(ODD_TEXTS)] = random.choice(ODD_TEXTS)
        if self._slips(40):
            operation = random.choice(ODD_TEXTS)
        return self._sent(path, description, operation, arguments)

    def _slips(self, of: int) -> bool:
        return self._random.randrange(of) == 0

    # -- what is asked ------------------------------------------------------------------------

    def _value(
        self, described: Description, shape: Shape, name: str, texts: _Texts, depth: int
    ) -> Any:
        random = self._random
        if self._slips(25):
            return random.choice(ODD_TEXTS)
        match shape.type:
            case "structure":
                return {
                    each: self._value(described, described.shapes[inner], each, texts, depth + 1)
                    for each, inner in shape.members.items()
                    if self._is_given(each, shape, texts, depth)
                }
            case "list":
                inner = described.shapes[shape.member]
                count = random.choice((0, 1, 1, 2, 3)) if depth < _DEEPEST else 0
                return [self._value(described, inner, name, texts, depth + 1) for _ in range(count)]
            case "map":
                inner = described.shapes[shape.value]
                return {"VolumeId": self._value(described, inner, name, texts, depth + 1)}
        return self._scalar(shape, name, texts)

    def _is_given(self, name: str, shape: Shape, texts: _Texts, depth: int) -> bool:
        if name in shape.required or name in _MOSTLY:
            return not self._slips(20)
        if depth == 0 and name not in texts[_OFFERED] and not self._slips(60):
            return False
        return depth < _DEEPEST and self._slips(5)

    def _scalar(self, shape: Shape, name: str, texts: _Texts) -> Any:
        random = self._random
        match shape.type:
            case "integer" | "long":
                return random.choice((1, 1, 2, 3, 60, 300, 0, -1, 2**31, 2**63))
            case "float" | "double":
                return random.choice((1.0, 0.5, 10.0, -1.0, 1e300, 0.0))
            case "boolean":
                return random.choice((True, False))
            case "timestamp":
                return _NOW + timedelta(minutes=random.choice((-60, -5, -1, 0, 1, 10**7)))
            case "blob":
                return b"x"
        if shape.enum and not self._slips(10):
            return random.choice(shape.enum)
        return random.choice(texts.get(name, ("x", "7", "true")))

    # -- how it is sent -----------------------------------------------------------------------

    def _sent(self, path: str, description: Description, operation: str, arguments: Any) -> Asked:
        random, token = self._random, self._random.choice(TOKENS)
        headers = {"x-auth-token": token} if token else {}
        how = random.choice(("form", "form", "query", "json", "cbor"))
        if path.startswith("/cfn") and not self._slips(20):
            how = random.choice(("form", "form", "query"))
        if how in ("form", "query"):
            kind = {"ContentType": "JSON"} if self._slips(8) else {}
            pairs = {"Action": operation, "Version": description.version, **kind}
            pairs |= dict(_flattened(arguments, ""))
            text = urlencode(pairs, errors="replace")
            if how == "query":
                return Asked(
                    "GET", f"{path}?{text if not self._slips(30) else text + '%'}", b"", headers
                )
            return Asked(
                "POST", path, self._spoilt(text.encode()), {**headers, "content-type": _FORM}
            )
        name = operation.encode("ascii", "ignore").decode().strip() or "x"
        if how == "json":
            body = json.dumps(arguments, default=_as_number).encode("utf-8", "replace")
            headers |= {"x-amz-target": f"{description.target}.{name}"}
            return Asked(
                "POST",
                path,
                self._spoilt(body),
                {**headers, "content-type": "application/x-amz-json-1.0"},
            )
        headers |= {"smithy-protocol": "rpc-v2-cbor", "content-type": "application/cbor"}
        where = (
            f"{path}service/x/operation/{name.replace('/', '').replace('?', '').replace('#', '')}"
        )
        return Asked("POST", where, self._spoilt(cbor.encode(_within(arguments))), headers)

    def _spoilt(self, body: bytes) -> bytes:
        if not self._slips(15):
            return body
        at = self._random.randrange(len(body) + 1)
        junk = (b"", b"\xff", b"\x00", b"9" * 5000, b"[" * 5000, b"\x9f" * 200, b"%", b"&" * 100)
        return body[:at] + self._random.choice(junk) + body[at : self._random.choice((at, None))]


_Texts = Mapping[str, Sequence[str]]


@cache
def load_described(package: str) -> Description:
    return load_description(package)


@cache
def _offered(package: str, operation: str) -> tuple[str, ...]:
    actions = import_module(f"{package}.actions").ACTIONS
    known = tuple(load_described(package).input(operation).members)
    return next(each.offers or known for each in actions if each.name == operation)


def _texts(places: Mapping[str, str]) -> _Texts:
    """What a member of this name may be that leads somewhere."""
    arn = stack_arn("demo-project", "web", places["stack_id"])
    policy = {
        "Statement": [{"Effect": "Deny", "Action": "Update:*", "Principal": "*", "Resource": "*"}]
    }
    bodies = [json.dumps(TEMPLATE), json.dumps(_EXPORTING), json.dumps(_EXPORTING), "{}", "x: [y"]
    return {
        **_KNOWN,
        "StackName": ("web", "web", "web", places["stack_id"], arn, "new", "none"),
        "TemplateBody": bodies,
        "TemplateURL": ("http://templates.example/x",),
        "StackPolicyBody": (json.dumps(policy), "{}", "[", json.dumps({"Statement": [7]})),
        "AlarmActions": (f"{arn}/resources/a", "http://hook.example/x", "arn:aws:sns:x:y:z"),
        "OKActions": (f"{arn}/resources/a",),
    }


_EXPORTING = {
    "AWSTemplateFormatVersion": "2010-09-09",
    "Parameters": {"p": {"Type": "String", "Default": "x"}},
    "Resources": {"a": {"Type": "OS::Heat::TestResource", "Properties": {"value": {"Ref": "p"}}}},
    "Outputs": {"o": {"Value": {"Ref": "p"}, "Export": {"Name": "e"}}},
}


def _flattened(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """As forms have it."""
    match value:
        case dict():
            for name, each in value.items():
                yield from _flattened(each, f"{path}.{name}" if path else str(name))
        case list():
            for number, each in enumerate(value, 1):
                yield from _flattened(each, f"{path}.member.{number}")
        case bool():
            yield path, str(value).lower()
        case datetime():
            yield path, value.isoformat()
        case bytes():
            yield path, "eA=="
        case _:
            yield path, str(value).encode("utf-8", "replace").decode()


def _as_number(value: Any) -> Any:
    return value.timestamp() if isinstance(value, datetime) else str(value)


def _within(value: Any) -> Any:
    """Without numbers that CBOR has no short form for, and keys that are no texts."""
    match value:
        case dict():
            return {str(name): _within(each) for name, each in value.items()}
        case list():
            return [_within(each) for each in value]
        case int() if abs(value) >= 2**64:
            return float(value)
    return value
