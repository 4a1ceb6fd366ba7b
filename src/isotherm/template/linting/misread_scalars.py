"""Scalars that YAML 1.1 reads as something else than what stands there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from isotherm.core.schema import PropertySchema, ValueType
from isotherm.template.binding.definition import StackDefinition
from isotherm.template.document import Document, Mark, Path
from isotherm.template.linting.subject import Subject
from isotherm.template.linting.warnings import Warned
from isotherm.template.model import Template
from isotherm.template.parameters import ParameterType
from isotherm.template.validation.catalogue import TypeCatalogue

_CHANGED = re.compile(
    r"[-+]?(?:0[0-7_]+|0x[0-9a-fA-F_]+|0b[01_]+|[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?)"
)
_SHORTENED = re.compile(r"[-+]?[0-9]+\.[0-9]*0|[-+]?[0-9]+_[0-9_]*(?:\.[0-9_]*)?")
_NUMBER = re.compile(r"[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?")
_EXPONENT = re.compile(r"[-+]?[0-9]+(?:\.[0-9]*)?[eE][-+]?[0-9]+")
_WORDS = ("yes", "no", "on", "off")
_END = re.compile(r"[\s,\]}#]")
_NAME = "misread-scalar"
_VALUES = ("parameters", "parameter_defaults")
_NUMBERS = (ValueType.NUMBER, ValueType.INTEGER)
_KINDS = {
    ParameterType.STRING: ValueType.STRING,
    ParameterType.BOOLEAN: ValueType.BOOLEAN,
    ParameterType.NUMBER: ValueType.NUMBER,
}
_FLAGS = ("hidden", "immutable", "NoEcho")


def misread_scalars(subject: Subject) -> Iterator[Warned]:
    """Scalars of a template whose value its author may not expect.

    A ``yes`` where a boolean belongs, and a ``1.50`` where a number belongs, are as meant.
    """
    definition, types = subject.definition, subject.types
    document = definition.template.document
    return _misread(document, subject.source, lambda path: _expected(definition, types, path))


def misread_values(environment: Document, source: str, template: Template) -> Iterator[Warned]:
    """The same for the values that an environment gives to a template's parameters."""

    def expected(path: Path) -> ValueType | None:
        declared = template.parameters.get(str(path[1])) if len(path) == 2 else None
        return _KINDS.get(declared.type) if declared else None

    for warned in _misread(environment, source, expected):
        if warned.path[0] in _VALUES and warned.path[1] in template.parameters:
            yield warned


def _misread(
    document: Document, source: str, expected: Callable[[Path], ValueType | None]
) -> Iterator[Warned]:
    if document.mark is None:
        return
    lines = source.splitlines()
    for path, value, mark in _scalars(document.data, document.mark, ()):
        line = lines[mark.line - 1] if mark.line <= len(lines) else ""
        written = _END.split(line[mark.column - 1 :], maxsplit=1)[0]
        if isinstance(value, str):
            if written == value and expected(path) not in (ValueType.STRING, *_NUMBERS):
                hint = f"write {float(value)} if a number is meant, else '{written}'"
                yield Warned(_NAME, path, f"YAML reads {written} as text", hint)
        elif _is_misread(value, written, expected(path)):
            hint = f"write '{written}' if text is meant"
            yield Warned(_NAME, path, f"YAML reads {written} as {str(value).lower()}", hint)


def _is_misread(value: Any, written: str, wanted: ValueType | None) -> bool:
    if isinstance(value, bool):
        return written.lower() in _WORDS and wanted is not ValueType.BOOLEAN
    if _CHANGED.fullmatch(written):
        return True
    if wanted is ValueType.STRING:
        return str(value) != written and bool(_NUMBER.fullmatch(written))
    shortened = bool(_SHORTENED.fullmatch(written))
    return wanted not in _NUMBERS and str(value) != written and shortened


def _scalars(data: Any, mark: Mark, path: Path) -> Iterator[tuple[Path, Any, Mark]]:
    """All booleans and numbers, and texts that look like numbers.

    What was moved when loops were written out has no mark.
    """
    if isinstance(mark.children, Mapping):
        for name, entry in mark.children.items():
            if name in data:
                yield from _scalars(data[name], entry.value, (*path, name))
    elif isinstance(mark.children, Sequence):
        for index, (each, child) in enumerate(zip(data, mark.children, strict=True)):
            yield from _scalars(each, child, (*path, index))
    elif isinstance(data, (bool, int, float)) or (
        isinstance(data, str) and _EXPONENT.fullmatch(data)
    ):
        yield path, data, mark


def _expected(definition: StackDefinition, types: TypeCatalogue, path: Path) -> ValueType | None:
    """The type that the language or a resource type asks for at a place, where it does."""
    word = definition.template.version.word
    if path[0] == word("conditions"):
        return ValueType.BOOLEAN
    if path[0] == word("parameters") and len(path) > 2:
        return _expected_of_parameter(definition, str(path[1]), path[2:])
    if path[0] == word("resources") and path[2:3] == (word("properties"),):
        resource = definition.resources.get(str(path[1]))
        schema = types.lookup(resource.type) if resource else None
        return _property_type(schema.properties, path[3:]) if schema else None
    return None


def _expected_of_parameter(definition: StackDefinition, name: str, path: Path) -> ValueType | None:
    key = str(path[0])
    if key in _FLAGS:
        return ValueType.BOOLEAN
    declared = definition.template.parameters.get(name)
    if declared is None:
        return None
    if key.lower() == "default" or "allowed_values" in path or key == "AllowedValues":
        return _KINDS.get(declared.type)
    return ValueType.NUMBER if key == "constraints" or key.startswith(("Min", "Max")) else None


def _property_type(declared: Mapping[str, PropertySchema], path: Path) -> ValueType | None:
    schema: PropertySchema | None = None
    fields: Mapping[str, PropertySchema] | None = declared
    for step in path:
        if isinstance(step, int):
            schema = schema.items if schema else None
        else:
            schema = fields.get(step) if fields else None
        fields = schema.fields if schema else None
    return schema.type if schema else None
