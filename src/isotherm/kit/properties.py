"""Declares the properties of a resource type: one line per property.

    class VolumeProperties(Properties):
        size: int | None = prop("Size in GiB.", ge=1, update_allowed=True)

The annotation gives type and requiredness: no ``None`` and no default means
required; a ``Properties`` class stands for a map with known keys.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, ClassVar, Self, Union, dataclass_transform

from isotherm.core.schema import ABSENT, PropertySchema, ValueType
from isotherm.core.values import Value
from isotherm.kit.declarations import Declaration, changeable, prop
from isotherm.kit.presence import maps_in
from isotherm.kit.signatures import Problems, Values


@dataclass_transform(kw_only_default=True, field_specifiers=(prop, changeable))
class Properties:
    """Base of property groups. Instances hold resolved values; what is not given is None."""

    schema: ClassVar[Mapping[str, PropertySchema]] = {}
    lookups: ClassVar[Mapping[str, Lookup]] = {}
    fields: ClassVar[Mapping[str, Field]] = {}
    operator_options: ClassVar[Mapping[str, str]] = {}
    """The operator's options that say defaults, by the names of properties."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        hints = typing.get_type_hints(cls)
        fields: dict[str, Field] = {}
        for base in reversed(cls.__mro__[1:]):
            fields |= vars(base).get("fields", {})
        for attribute, value in list(vars(cls).items()):
            if isinstance(value, Declaration):
                fields[value.name or attribute] = _field(attribute, hints[attribute], value)
                setattr(cls, attribute, None)
        cls.fields = fields
        cls.schema = {name: each.schema for name, each in fields.items()}
        cls.operator_options = {
            name: told for name, each in fields.items() if (told := each.declaration.option)
        }
        cls.lookups = {
            name: lookup for name, each in fields.items() if (lookup := each.lookup()) is not None
        }

    @classmethod
    def of(cls, values: Mapping[str, Value]) -> Self:
        """An instance from values as ``core.coercion`` leaves them."""
        instance = cls()
        for name, each in cls.fields.items():
            if name in values:
                setattr(instance, each.attribute, each.typed(values[name]))
        return instance

    @classmethod
    def with_defaults(cls, options: Mapping[str, Any]) -> type[Properties]:
        """These properties with the operator's defaults, as far as there are any."""
        chosen = {
            name: options[told] for name, told in cls.operator_options.items() if told in options
        }
        if not chosen:
            return cls
        group: type[Properties] = type(cls.__name__, (cls,), {"__doc__": cls.__doc__})
        changed = {
            name: dataclasses.replace(cls.schema[name], default=default)
            for name, default in chosen.items()
        }
        group.schema = {**cls.schema, **changed}
        return group

    @classmethod
    def present_names(cls, names: Iterable[str]) -> set[str]:
        """With the present names of those that are former ones."""
        lookups = cls.lookups
        return {(n in lookups and lookups[n].renamed_to) or n for n in names}

    @classmethod
    def renamed(cls, values: Mapping[str, Value]) -> dict[str, Value]:
        """``values`` with former property names moved to their present ones, at every level."""
        return _renamed(cls.lookups, values)

    @classmethod
    def problems(cls, given: Values) -> Problems:
        """What is wrong with such a map beyond what each property says: pairs of the path in it
        (empty: the whole) and reason. Values may be Unknown."""
        return ()

    @classmethod
    def problems_inside(cls, given: Values) -> Problems:
        """The same of all maps inside, as far as they are known."""
        for name, group in [(n, each.group) for n, each in cls.fields.items() if each.group]:
            for path, each in maps_in(given, name):
                for inner, reason in chain(group.problems(each), group.problems_inside(each)):
                    yield f"{path}.{inner}".removesuffix("."), reason

    def given(self) -> dict[str, Any]:
        """The template's names and plain values of all that is not None, nested groups included."""
        return {
            name: _plain(value)
            for name, each in self.fields.items()
            if (value := getattr(self, each.attribute)) is not None
        }


@dataclass(frozen=True, slots=True)
class Lookup:
    """How the values of one property are translated before a type sees them.

    ``finder`` turns names into ids; ``renamed_to`` moves a former name's value;
    ``nested`` are the lookups inside a map or the elements of a list.
    """

    finder: str
    renamed_to: str
    nested: Mapping[str, Lookup]
    element_finder: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    attribute: str
    schema: PropertySchema
    declaration: Declaration
    group: type[Properties] | None

    @property
    def sends(self) -> str | None:
        """Path of the field that carries it in the API; None where it is kept apart."""
        told = self.declaration.sends
        if told != "":
            return told
        name = self.declaration.name or self.attribute
        return f"{name}_id" if self.declaration.finds else name

    @property
    def reads(self) -> str | None:
        """Path of the field that shows it; None where none does."""
        told = self.declaration.reads
        return self.sends if told == "" else told

    def typed(self, value: Value) -> Any:
        if self.group is None or value is None:
            return value
        if isinstance(value, list):
            return [self.group.of(each) for each in value]
        return self.group.of(value)

    def lookup(self) -> Lookup | None:
        told = self.declaration
        nested = self.group.lookups if self.group else {}
        element = told.items.finds if told.items else ""
        if not (told.finds or told.renamed_to or nested or element):
            return None
        return Lookup(told.finds, told.renamed_to, nested, element)


def _plain(value: Any) -> Any:
    if isinstance(value, Properties):
        return value.given()
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value


VALUE_TYPES: Mapping[Any, ValueType] = {
    str: ValueType.STRING,
    int: ValueType.INTEGER,
    float: ValueType.NUMBER,
    bool: ValueType.BOOLEAN,
    dict: ValueType.MAP,
    list: ValueType.LIST,
    Any: ValueType.ANY,
}
"""What the annotations of declarations mean."""


def _field(attribute: str, annotation: Any, told: Declaration) -> Field:
    plain, optional = _without_none(annotation)
    schema, group = _schema(plain, told)
    if told.default is ABSENT and not optional:
        schema = dataclasses.replace(schema, required=True)
    return Field(attribute, schema, told, group)


def _schema(plain: Any, told: Declaration) -> tuple[PropertySchema, type[Properties] | None]:
    origin = typing.get_origin(plain) or plain
    items: PropertySchema | None = None
    fields: Mapping[str, PropertySchema] | None = None
    group: type[Properties] | None = None
    if isinstance(origin, type) and issubclass(origin, Properties):
        group, fields, kind = origin, origin.schema, ValueType.MAP
    else:
        kind = VALUE_TYPES[origin]
        arguments = typing.get_args(plain)
        if kind is ValueType.LIST and arguments and arguments[0] is not Any:
            items, group = _schema(arguments[0], told.items or prop())
    return (
        PropertySchema(
            type=kind,
            description=told.doc,
            default=told.default,
            update_allowed=told.update_allowed,
            immutable=told.immutable,
            constraints=told.constraints,
            items=items,
            fields=fields,
            support=told.support,
            secret=told.secret,
            implemented=told.implemented,
            told=told.told,
            renamed_to=told.renamed_to,
        ),
        group,
    )


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if typing.get_origin(annotation) in (Union, types.UnionType):
        rest = [each for each in typing.get_args(annotation) if each is not type(None)]
        return rest[0], True
    return annotation, False


def _renamed(lookups: Mapping[str, Lookup], values: Mapping[str, Value]) -> dict[str, Value]:
    result = dict(values)
    for name, lookup in lookups.items():
        if result.get(name) is None:
            continue
        if lookup.nested:
            result[name] = _renamed_inside(lookup.nested, result[name])
        if lookup.renamed_to and result.get(lookup.renamed_to) is None:
            result[lookup.renamed_to] = result.pop(name)
    return result


def _renamed_inside(lookups: Mapping[str, Lookup], value: Value) -> Value:
    if isinstance(value, list):
        return [_renamed_inside(lookups, each) for each in value]
    return _renamed(lookups, value) if isinstance(value, Mapping) else value
