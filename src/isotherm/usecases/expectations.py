"""What definitions expect of the cloud: objects that their values name must exist."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from isotherm.core.constraints import Constraint, CustomConstraint
from isotherm.core.diagnostics import Diagnostic, Diagnostics, InvalidDocument
from isotherm.core.errors import RemoteError
from isotherm.core.schema import PropertySchema
from isotherm.core.values import REDACTED, Unknown, Value, holds_secret, reveal
from isotherm.kit.context import CloudApi
from isotherm.kit.registry import Registry
from isotherm.planning.dependencies import AllUnknown
from isotherm.planning.wants import want
from isotherm.ports.cloud import Caller, Cloud
from isotherm.template import StackDefinition, Way
from isotherm.template.document import dotted

_LOOKUPS_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class _Expected:
    """A value that must name something in the cloud; ``finding`` is told where it does not,
    ``{reason}`` in its text filled in."""

    finder: str
    value: str
    finding: Diagnostic


class Expectations:
    """Collects what is expected, then asks the cloud once for each different name.

    ``broken`` are paths of which it is known that something is wrong there. Unless
    ``all_values``, only values that were given for parameters count.
    """

    def __init__(self, types: Registry, broken: frozenset[str], *, all_values: bool) -> None:
        self._types, self._broken, self._all_values = types, broken, all_values
        self._expected: list[_Expected] = []
        self._found = Diagnostics()

    def collect(self, definition: StackDefinition, way: Way) -> None:
        """Take in a definition that was reached by ``way``; rules of its types across
        properties are checked, too."""
        before = len(self._expected)
        found = Diagnostics()
        self._expected.extend(self._of_parameters(definition))
        self._collect_resources(definition, way, found)
        self._found.extend(map(way.reported, found))
        for index, each in enumerate(self._expected[before:], before):
            self._expected[index] = replace(each, finding=way.reported(each.finding))

    def _collect_resources(self, definition: StackDefinition, way: Way, found: Diagnostics) -> None:
        for name, resource in definition.resources.items():
            path = ".".join(filter(None, (way.path, dotted(resource.path))))
            if resource.type not in self._types or self._is_broken(path):
                continue
            try:
                wanted = want(definition, resource, AllUnknown(), self._types)
            except InvalidDocument as invalid:
                found.extend(invalid.diagnostics)
                continue
            if not self._all_values:
                continue
            schema = self._types[resource.type].Properties.schema
            root = f"resources.{name}.properties"
            for at, finder, value in _in_fields(schema, wanted.properties, root):
                text = f"Error validating value {value!r}: {{reason}}"
                self._expected.append(
                    _Expected(finder, value, Diagnostic(text, resource.position, at))
                )

    def _is_broken(self, path: str) -> bool:
        return any(each == path or each.startswith(f"{path}.") for each in self._broken)

    def _of_parameters(self, definition: StackDefinition) -> Iterator[_Expected]:
        document = definition.template.document
        for name, declared in definition.template.parameters.items():
            constraints = declared.cloud_constraints()
            if not constraints or not (self._all_values or definition.environment.value(name)[0]):
                continue
            value = definition.parameters[name]
            place = document.position(declared.path, key=True)
            for each in _texts(reveal(value)):
                shown = repr(REDACTED) if holds_secret(value) else repr(each)
                text = f"Parameter '{name}' is invalid: Error validating value {shown}: {{reason}}"
                finding = Diagnostic(text, place, ".".join(map(str, declared.path)))
                for constraint in constraints:
                    yield _Expected(constraint.name, each, finding)

    async def unmet(self, cloud: Cloud, caller: Caller) -> Diagnostics:
        """What does not hold. Raises RemoteError where the cloud cannot be asked at all."""
        asked = {(each.finder, each.value) for each in self._expected}
        if asked:
            answers = await _look_up(await cloud.connect_caller(caller), asked)
            for each in self._expected:
                if reason := answers[each.finder, each.value]:
                    finding = each.finding
                    text = finding.text.replace("{reason}", reason)
                    self._found.add(replace(finding, text=text))
        return self._found


def _texts(value: Value) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [str(each) for each in items if isinstance(each, (str, int, float))]


async def _look_up(
    api: CloudApi, asked: Iterable[tuple[str, str]]
) -> Mapping[tuple[str, str], str | None]:
    """Why each look-up fails, or None where it does not."""
    turn = asyncio.Semaphore(_LOOKUPS_AT_ONCE)
    answers: dict[tuple[str, str], str | None] = {}

    async def look_up(finder: str, value: str) -> None:
        async with turn:
            try:
                await api.find(finder, value)
                answers[finder, value] = None
            except RemoteError as error:
                answers[finder, value] = str(error)

    async with asyncio.TaskGroup() as group:
        for finder, value in asked:
            group.create_task(look_up(finder, value))
    return answers


def _in_fields(
    fields: Mapping[str, PropertySchema], values: Mapping[str, Value], path: str
) -> Iterator[tuple[str, str, str]]:
    for key, schema in fields.items():
        if values.get(key) is not None:
            yield from _in_value(schema, reveal(values[key]), f"{path}.{key}")


def _in_value(schema: PropertySchema, value: Value, path: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(value, Unknown) or value is None:
        return
    for finder in _finders(schema.constraints):
        if isinstance(value, str) and value:
            yield path, finder, value
    if isinstance(value, Mapping) and schema.fields:
        yield from _in_fields(schema.fields, value, path)
    elif isinstance(value, list) and schema.items:
        for index, each in enumerate(value):
            yield from _in_value(schema.items, each, f"{path}.{index}")


def _finders(constraints: Iterable[Constraint]) -> Iterator[str]:
    for constraint in constraints:
        if isinstance(constraint, CustomConstraint) and not constraint.pure:
            yield constraint.name
