"""Parameters: what a template declares, and the values they take."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from isotherm.core.coercion import to_boolean, to_number
from isotherm.core.constraints import (
    AllowedPattern,
    AllowedValues,
    Constraint,
    CustomConstraint,
    Length,
    Modulo,
    Range,
    first_violation,
)
from isotherm.core.schema import ABSENT
from isotherm.core.values import Value
from isotherm.template.document import Path


class ParameterType(StrEnum):
    """Parameter types; the values are their names in API answers."""

    STRING = "String"
    NUMBER = "Number"
    LIST = "CommaDelimitedList"
    JSON = "Json"
    BOOLEAN = "Boolean"


CONSTRAINT_FITS: Mapping[type[Any], frozenset[ParameterType]] = {
    Range: frozenset({ParameterType.NUMBER}),
    Modulo: frozenset({ParameterType.NUMBER}),
    Length: frozenset({ParameterType.STRING, ParameterType.LIST, ParameterType.JSON}),
    AllowedPattern: frozenset({ParameterType.STRING}),
    AllowedValues: frozenset(ParameterType) - {ParameterType.JSON},
    CustomConstraint: frozenset(ParameterType) - {ParameterType.JSON},
}
"""Which constraint may be put on which type."""


class ParameterValueError(ValueError):
    """A value does not fit its parameter."""


@dataclass(frozen=True, slots=True)
class ParameterDeclaration:
    """One parameter of a template. ``description`` and ``label`` are as written, of any type."""

    name: str
    type: ParameterType
    path: Path
    default: Value = ABSENT
    description: Any = ""
    label: Any = ""
    constraints: tuple[Constraint, ...] = ()
    hidden: bool = False
    immutable: bool = False
    tags: tuple[str, ...] = ()

    @property
    def required(self) -> bool:
        return self.default is ABSENT

    def convert(self, raw: Value) -> Value:
        """``raw`` as this parameter's type; raises ``ParameterValueError``."""
        try:
            return _CONVERTERS[self.type](raw)
        except (ValueError, OverflowError, RecursionError):
            wanted = _WANTED[self.type]
            shown = "the (hidden) value" if self.hidden else repr(raw)
            raise ParameterValueError(f"{shown} is not {wanted}") from None

    def violation(self, value: Value, now: datetime | None = None) -> str | None:
        """Why a converted value breaks a constraint that fits the type, or None.

        Without ``now``, dates may lie in the past.
        """
        for constraint in self._fitting():
            if now and isinstance(constraint, CustomConstraint):
                reason = constraint.violation_at(now, value)
            else:
                reason = constraint.violation(value)
            if reason and self.hidden:
                return constraint.description or "the (hidden) value breaks a constraint"
            if reason:
                return constraint.description or reason
        return None

    def flaw_of_default(self) -> str | None:
        """Why the default breaks what a template may be judged by; raises ``ParameterValueError``.

        Custom constraints count only where the default is used, and so does that
        an empty text is a list without items.
        """
        value = self.convert(self.default)
        if self.type is ParameterType.LIST and self.default == "":
            return None
        settled = [c for c in self._fitting() if not isinstance(c, CustomConstraint)]
        return first_violation(settled, value)

    def _fitting(self) -> Iterator[Constraint]:
        for constraint in self.constraints:
            if self.type not in CONSTRAINT_FITS[type(constraint)]:
                continue
            if isinstance(constraint, AllowedValues) and self.type in _TYPED_WORDS:
                constraint = AllowedValues(  # noqa: PLW2901
                    tuple(map(self._typed, constraint.values)), constraint.description
                )
            yield constraint

    def _typed(self, allowed: Value) -> Value:
        try:
            return _CONVERTERS[self.type](allowed)
        except (ValueError, OverflowError):
            return allowed

    def cloud_constraints(self) -> Sequence[CustomConstraint]:
        """Constraints that only the cloud can judge."""
        return [c for c in self.constraints if isinstance(c, CustomConstraint) and not c.pure]


@dataclass(frozen=True, slots=True)
class PseudoParameters:
    """What every template may read without declaring it."""

    stack_id: str = ""
    stack_name: str = ""
    region: str = ""
    project_id: str = ""

    def values(self, *, hot: bool) -> dict[str, Value]:
        if hot:
            return {
                "OS::stack_id": self.stack_id,
                "OS::stack_name": self.stack_name,
                "OS::region": self.region,
                "OS::project_id": self.project_id,
            }
        arn = f"arn:openstack:heat::{self.project_id}:stacks/{self.stack_name}/{self.stack_id}"
        return {
            "AWS::StackId": arn,
            "AWS::StackName": self.stack_name,
            # AWS-style templates have always been told this region, so they are
            # told what goes with it.
            "AWS::Region": "ap-southeast-1",
            "AWS::Partition": "aws",
            "AWS::URLSuffix": "amazonaws.com",
            "AWS::AccountId": self.project_id,
            "AWS::NotificationARNs": [],
        }


UNLISTED_PSEUDO_PARAMETERS = frozenset(
    {"AWS::Partition", "AWS::URLSuffix", "AWS::AccountId", "AWS::NotificationARNs"}
)
"""Pseudo parameters beyond the reference: templates read them, answers do not list them."""


@dataclass(frozen=True, slots=True)
class ParameterGroup:
    label: str
    parameters: tuple[str, ...]
    written: Mapping[str, Any] = field(default_factory=dict)
    """The group as the template has it; shown in answers."""


def split_list(text: str) -> list[str]:
    return text.split(",") if text else []


def _string(raw: Value) -> Value:
    return raw if isinstance(raw, str) else str(raw)


def _list(raw: Value) -> Value:
    if isinstance(raw, str):
        return split_list(raw)
    if isinstance(raw, (list, tuple)):
        return [_string(each) for each in raw]
    raise ValueError


def _json(raw: Value) -> Value:
    if not isinstance(raw, str) or not raw:
        # An empty text stands for "nothing given" and stays what it is.
        return raw
    value = json.loads(raw)
    if "\\u" in raw:
        # Half a surrogate pair is no character; UnicodeEncodeError is a ValueError.
        json.dumps(value, ensure_ascii=False).encode()
    return value


def _number(raw: Value) -> Value:
    # The reference lets booleans pass, and numbers without end.
    if isinstance(raw, str):
        with contextlib.suppress(ValueError):
            return int(raw)
        return float(raw)
    return raw if isinstance(raw, bool) else to_number(raw)


_CONVERTERS: Mapping[ParameterType, Callable[[Value], Value]] = {
    ParameterType.STRING: _string,
    ParameterType.NUMBER: _number,
    ParameterType.LIST: _list,
    ParameterType.JSON: _json,
    ParameterType.BOOLEAN: to_boolean,
}
_TYPED_WORDS = frozenset({ParameterType.NUMBER, ParameterType.BOOLEAN})
"""Types whose values can be spelt in several ways."""
_WANTED = {
    ParameterType.STRING: "text",
    ParameterType.NUMBER: "a number",
    ParameterType.LIST: "a list or comma-delimited text",
    ParameterType.JSON: "a map, a list or JSON text",
    ParameterType.BOOLEAN: "a boolean",
}
