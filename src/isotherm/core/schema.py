"""Schemas of properties, attributes and parameters."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any

from isotherm.core.constraints import Constraint
from isotherm.core.values import Value


class ValueType(StrEnum):
    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    MAP = "map"
    LIST = "list"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class SupportStatus:
    """Since when something is offered, and whether it still is; ``previous`` is its history."""

    status: str = "SUPPORTED"
    version: str | None = None
    message: str | None = None
    previous: SupportStatus | None = None


class _Absent:
    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Any = _Absent()
"""Marks 'no default was declared', which differs from a default of None."""


class Told(Enum):
    """How clients are told of a property that goes beyond what they know from elsewhere."""

    AS_IT_IS = "as it is"
    AS_REQUIRED = "as required"
    """Though another may be given in its place."""
    NOT_AT_ALL = "not at all"


@dataclass(frozen=True, slots=True)
class PropertySchema:
    """One property; ``items`` describes a list's elements, ``fields`` a map's keys."""

    type: ValueType
    description: str = ""
    required: bool = False
    default: Any = ABSENT
    update_allowed: bool = False
    immutable: bool = False
    constraints: tuple[Constraint, ...] = ()
    items: PropertySchema | None = None
    fields: Mapping[str, PropertySchema] | None = None
    support: SupportStatus = field(default_factory=SupportStatus)
    secret: bool = False
    implemented: bool = True
    told: Told = Told.AS_IT_IS
    renamed_to: str = ""
    """For a former name: the property that its value is meant for."""
    null: Any = ABSENT
    """What a null that is given stands for; ABSENT: nothing was given."""


@dataclass(frozen=True, slots=True)
class AttributeSchema:
    """One attribute; ``volatile`` values change by themselves and are read afresh when shown."""

    description: str = ""
    type: ValueType | None = None
    support: SupportStatus = field(default_factory=SupportStatus)
    volatile: bool = False
    secret: bool = False
    implemented: bool = True
    """Whether it has a value yet: templates may not read what has none."""


Rules = Callable[[Mapping[str, Value]], Iterable[tuple[str, str]]]
"""From the values of properties (some perhaps Unknown) to what is wrong between them: pairs
of property path and reason."""


@dataclass(frozen=True, slots=True)
class Sibling:
    """A resource of the same template, as others see it.

    In ``properties`` a reference to a resource stands as ``Unknown(after=its name)``.
    """

    name: str
    type: str
    properties: Mapping[str, Value]


FindSibling = Callable[[str], Sibling | None]
"""By name, with all properties, those that have their default, too; None where there is none."""
RulesAmong = Callable[[Mapping[str, Value], FindSibling], Iterable[tuple[str, str]]]
"""The same as ``Rules`` about what the stack has besides."""


def no_rules(properties: Mapping[str, Value]) -> Iterable[tuple[str, str]]:
    return ()


def no_rules_among(properties: Mapping[str, Value], find: FindSibling) -> Iterable[tuple[str, str]]:
    return ()


@dataclass(frozen=True, slots=True)
class StackProperties:
    """Names of the properties that describe the stack that a resource is.

    Its template is the ``template`` property's text or lies at the ``url`` property's address.
    A stack that names a place (the ``elsewhere`` property) is made where only that place
    knows what there is; one that is not ``own`` is no part of the stack with the resource.
    """

    template: str = ""
    url: str = ""
    parameters: str = "parameters"
    elsewhere: str = ""
    own: bool = True


@dataclass(frozen=True, slots=True)
class Blueprint:
    """What a nested stack is made of: template text and values of its parameters, and
    ``minutes`` that each action on it may take (None: as long as the stack above has). Files,
    defaults of parameters and the resource registry are those of the stack above."""

    template: str
    parameters: Mapping[str, Value]
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class HandedDown:
    """What a stack gives to one that a resource of it stands for, as an ``environment`` document
    and ``files`` by name. Secrets stay wrapped."""

    environment: Mapping[str, Value]
    files: Mapping[str, str]


Members = Callable[[Mapping[str, Value], Collection[tuple[str, str]]], Blueprint | None]
"""From the properties of a group, as far as they are known, and what is read of it (attribute
and first step into it) to the stack of its members; None where its size is not known."""


@dataclass(frozen=True, slots=True)
class TypeSchema:
    """What a resource type offers to templates.

    An ``open`` type takes any property and has any attribute. Attributes that begin
    with one of ``attribute_prefixes`` exist, too; which ones, only the object knows.
    """

    name: str
    properties: Mapping[str, PropertySchema]
    attributes: Mapping[str, AttributeSchema]
    support: SupportStatus = field(default_factory=SupportStatus)
    successor: str = ""
    """The type that took its place."""
    rules: Rules = no_rules
    rules_among: RulesAmong = no_rules_among
    description: str = ""
    open: bool = False
    attribute_prefixes: tuple[str, ...] = ()
    stack: StackProperties | None = None
    """Set where a resource of the type is a stack that its properties describe."""
    members: Members | None = None
    """Set where a resource of the type is a stack of members; it has their attributes, too."""
    update_policy: Mapping[str, PropertySchema] = field(default_factory=dict)
    """What a resource of the type may say about how it is updated."""
    update_rules: Rules = no_rules
    """The same as ``rules`` about that."""
