"""What definitions expect of the cloud and the clock: objects that their values name must exist,
dates must lie ahead."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from isotherm.core.constraints import Constraint, CustomConstraint
from isotherm.core.diagnostics import Diagnostic, Diagnostics, InvalidDocument
from isotherm.core.errors import Gone, RemoteError
from isotherm.core.schema import PropertySchema
from isotherm.core.suggestions import suggest
from isotherm.core.values import REDACTED, Secret, Unknown, Value, holds_secret, reveal
from isotherm.kit.cloud_api import CloudApi
from isotherm.kit.context import StackIdentity
from isotherm.kit.finder import known_names
from isotherm.kit.registry import Registry
from isotherm.planning.dependencies import AllUnknown
from isotherm.planning.wants import require_all_but_properties, want
from isotherm.template import Document, Path, StackDefinition, Way, dotted, is_template
from isotherm.usecases.checking import Connect
from isotherm.usecases.inquiries import Inquiry, findings

_LOOKUPS_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class _Expected:
    """A value that must name something in the cloud.

    Where it does not, that is told with ``text``, its ``{value}`` and ``{reason}`` filled in, as
    found at ``path``, in the part of the document at ``part``. A ``hidden`` value is not quoted,
    whatever the reason says.
    """

    finder: str
    value: str
    hidden: bool
    text: str
    path: str
    part: Path
    document: Document
    way: Way

    def finding(self, reason: str, hint: str = "") -> Diagnostic:
        shown = repr(self.value)
        if self.hidden:
            # What is like a hidden value is not shown either.
            shown, hint = repr(REDACTED), ""
            reason = reason.replace(self.value, REDACTED) if self.value else reason
        text = self.text.replace("{value}", shown).replace("{reason}", reason)
        position = self.document.position(self.part, key=True)
        return self.way.reported(Diagnostic(text, position, self.path, hint))


class Expectations:
    """Collects what is expected, then asks the cloud once for each different name.

    ``broken`` are paths of which it is known that something is wrong there. Unless
    ``all_values``, only values that were given for parameters count.
    """

    def __init__(
        self, types: Registry, broken: frozenset[str], now: datetime, *, all_values: bool
    ) -> None:
        self._types, self._broken, self._now = types, sorted(broken), now
        self._all_values = all_values
        self._expected: list[_Expected] = []
        self._inquiries: list[Inquiry] = []
        self._found = Diagnostics()

    def collect(self, stacks: Iterable[tuple[StackDefinition, Way]]) -> None:
        """Take in definitions with the ways on which they were reached; rules of their types
        across properties are checked, too."""
        seen: set[int] = set()
        for definition, way in stacks:
            if id(definition) in seen:
                continue  # the same behind another resource
            seen.add(id(definition))
            self._expected.extend(self._of_parameters(definition, way))
            self._expected.extend(self._of_resources(definition, way))

    def _of_resources(self, definition: StackDefinition, way: Way) -> Iterator[_Expected]:
        for name, resource in definition.resources.items():
            path = ".".join(filter(None, (way.path, dotted(resource.path))))
            if resource.type not in self._types or self._is_broken(path):
                continue
            try:
                if not self._all_values:
                    require_all_but_properties(definition, resource, AllUnknown(), self._types)
                    continue
                wanted = want(definition, resource, AllUnknown(), self._types)
            except InvalidDocument as invalid:
                self._found.extend(map(way.reported, invalid.diagnostics))
                continue
            resource_type = self._types[resource.type]
            inquiry = Inquiry.about(definition, resource, resource_type, wanted, way)
            if inquiry is not None and not self._is_any_broken(f"{path}<"):
                # What is wrong in its template is told already.
                self._inquiries.append(inquiry)
            schema = resource_type.Properties.schema
            root = f"resources.{name}.properties"
            document = definition.template.document
            text, part = "Error validating value {value}: {reason}", resource.path
            for at, constraint, value in _in_fields(schema, wanted.properties, root):
                hidden, plain = isinstance(value, Secret), reveal(value)
                expected = _Expected(constraint.name, plain, hidden, text, at, part, document, way)
                if not constraint.expires:
                    yield expected
                elif is_template(resource.type):
                    continue  # It was judged as a parameter.
                elif reason := constraint.violation_at(self._now, plain):
                    self._found.add(expected.finding(reason))

    def _is_broken(self, path: str) -> bool:
        """Whether something is wrong at a path, or further inside."""
        if self._is_any_broken(f"{path}."):
            return True
        place = bisect_left(self._broken, path)
        return place < len(self._broken) and self._broken[place] == path

    def _is_any_broken(self, beginning: str) -> bool:
        """Whether something is wrong at a path that begins so."""
        place = bisect_left(self._broken, beginning)
        return place < len(self._broken) and self._broken[place].startswith(beginning)

    def _of_parameters(self, definition: StackDefinition, way: Way) -> Iterator[_Expected]:
        document = definition.template.document
        for name, declared in definition.template.parameters.items():
            constraints = declared.cloud_constraints()
            if not constraints or not (self._all_values or definition.environment.value(name)[0]):
                continue
            value = definition.parameters[name]
            path = dotted(declared.path)
            for each in _texts(reveal(value)):
                hidden = holds_secret(value)
                text = (
                    f"Parameter '{name}' is invalid: Error validating value {{value}}: {{reason}}"
                )
                for constraint in constraints:
                    yield _Expected(
                        constraint.name, each, hidden, text, path, declared.path, document, way
                    )

    async def unmet(self, connect: Connect, stack: StackIdentity) -> Diagnostics:
        """What does not hold. Raises RemoteError where the cloud cannot be asked at all."""
        asked = {(each.finder, each.value) for each in self._expected}
        if asked:
            answers = await _look_up(await connect(), asked)
            for each in self._expected:
                if wrong := answers[each.finder, each.value]:
                    self._found.add(each.finding(*wrong))
        if self._inquiries:
            api = await connect()
            self._found.extend(await findings(self._inquiries, api, stack, self._now))
        return self._found


async def _suggestion(api: CloudApi, finder: str, value: str) -> str:
    """What there is in the cloud that is called almost like it."""
    try:
        return suggest(value, await known_names(api, finder))
    except RemoteError:
        return ""


def _texts(value: Value) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [str(each) for each in items if isinstance(each, (str, int, float))]


async def _look_up(
    api: CloudApi, asked: Iterable[tuple[str, str]]
) -> Mapping[tuple[str, str], tuple[str, str] | None]:
    """Why each look-up fails, with a hint; None where it does not."""
    turn = asyncio.Semaphore(_LOOKUPS_AT_ONCE)
    answers: dict[tuple[str, str], tuple[str, str] | None] = {}

    async def look_up(finder: str, value: str) -> None:
        async with turn:
            try:
                await api.find(finder, value)
                answers[finder, value] = None
            except Gone as error:
                answers[finder, value] = str(error), await _suggestion(api, finder, value)
            except RemoteError as error:
                # What a cloud in trouble does not tell now, the engine asks again.
                answers[finder, value] = None if error.passes else (str(error), "")

    try:
        async with asyncio.TaskGroup() as group:
            for finder, value in asked:
                group.create_task(look_up(finder, value))
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from failures
    return answers


def _in_fields(
    fields: Mapping[str, PropertySchema], values: Mapping[str, Value], path: str
) -> Iterator[tuple[str, CustomConstraint, Value]]:
    """Paths and values, secret ones wrapped."""
    for key, schema in fields.items():
        if values.get(key) is not None:
            yield from _in_value(schema, values[key], f"{path}.{key}")


def _in_value(
    schema: PropertySchema, value: Value, path: str
) -> Iterator[tuple[str, CustomConstraint, Value]]:
    if isinstance(value, Secret):
        for at, constraint, plain in _in_value(schema, value.reveal(), path):
            yield at, constraint, Secret(plain)
        return
    if isinstance(value, Unknown) or value is None:
        return
    for constraint in _expecting(schema.constraints):
        if isinstance(value, str):
            yield path, constraint, value
    if isinstance(value, Mapping) and schema.fields:
        yield from _in_fields(schema.fields, value, path)
    elif isinstance(value, list) and schema.items:
        for index, each in enumerate(value):
            yield from _in_value(schema.items, each, f"{path}.{index}")


def _expecting(constraints: Iterable[Constraint]) -> Iterator[CustomConstraint]:
    """Those that values alone do not tell of."""
    for constraint in constraints:
        if isinstance(constraint, CustomConstraint) and (constraint.expires or not constraint.pure):
            yield constraint
