"""What expressions of one stack read: parameters, conditions, files, resources."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from isotherm.core.suggestions import near_or_all, suggest
from isotherm.core.values import Unknown, Value, has_marker
from isotherm.template.expressions import EvaluationError, Scope
from isotherm.template.limits import EFFORT_EACH, MOST_EFFORT
from isotherm.template.model import Template


@dataclass(frozen=True, slots=True)
class Outside:
    """What a template reads from outside its stack; None is what was not looked up.

    ``zones`` are the availability zones of the cloud, ``exports`` what other stacks of
    the project export.
    """

    zones: Sequence[str] | None = None
    exports: Mapping[str, Value] | None = None


NOTHING_OUTSIDE = Outside()
UNKNOWN_FACADE: Mapping[str, Value] = {
    part: Unknown("the resource outside")
    for part in ("metadata", "deletion_policy", "update_policy")
}
"""What a template sees that nobody has put inside another one yet."""


class NothingKnown:
    """The scope before any resource exists: every reference is unknown."""

    def reference(self, resource: str) -> Value:
        return Unknown(resource)

    def attribute(self, resource: str, name: str, steps: Sequence[Value] = ()) -> Value:
        return Unknown(resource)


class BoundSurroundings:
    """Implements ``expressions.Surroundings`` for a template with parameter values."""

    def __init__(
        self,
        template: Template,
        parameters: Mapping[str, Value],
        files: Mapping[str, str],
        facade: Mapping[str, Value] | None = None,
        outside: Outside = NOTHING_OUTSIDE,
    ) -> None:
        self.markers = 0
        self.scope: Scope = NothingKnown()
        self._template = template
        self._parameters = parameters
        self._marked = {name for name, value in parameters.items() if has_marker(value)}
        self._files = files
        self._facade = facade
        self._outside = outside
        self._resources: Collection[str] = template.resources.keys()
        self._conditions: dict[str, Value] = {}
        self._deciding: list[str] = []
        self._effort_left = MOST_EFFORT + EFFORT_EACH * len(template.resources)

    def within(self, scope: Scope) -> BoundSurroundings:
        """The same surroundings with another view of the resources."""
        other = object.__new__(BoundSurroundings)
        other.__dict__.update(self.__dict__)  # what copy.copy does, in a tenth of its time
        other.scope, other.markers, other._deciding = scope, 0, []
        return other

    def keep_resources(self, names: Collection[str]) -> None:
        """Only these resources exist; all others have a condition that does not hold."""
        self._resources = names

    def has_resource(self, name: str) -> bool:
        return name in self._resources

    def switches_off(self, name: str) -> bool:
        return name in self._template.resources and name not in self._resources

    def spend(self, effort: int) -> None:
        self._effort_left -= effort
        if self._effort_left < 0:
            raise EvaluationError("the functions have too much to do")

    def has_parameter(self, name: str) -> bool:
        return name in self._parameters

    def parameter(self, name: str) -> Value:
        if name not in self._parameters:
            raise EvaluationError(
                f"The Parameter ({name}) was not provided.",
                hint=self._about_missing(name),
                error="UserParameterMissing",
            )
        if name in self._marked:
            self.markers += 1
        return self._parameters[name]

    def _about_missing(self, parameter: str) -> str:
        if parameter in self._template.resources:
            return f"it is a resource: write get_resource: {parameter}"
        return suggest(parameter, self._parameters) or "the template declares no such parameter"

    def condition(self, name: str) -> Value:
        """A boolean or ``Unknown``; raises ``EvaluationError``."""
        if name in self._conditions:
            return self._conditions[name]
        node = self._template.conditions.get(name)
        if node is None:
            known = self._template.conditions
            hint = near_or_all(name, known) if known else "the template declares no conditions"
            raise EvaluationError(f'Invalid condition "{name}"', hint=hint)
        if name in self._deciding:
            circle = [*self._deciding[self._deciding.index(name) :], name]
            raise EvaluationError(f"Circular definition of conditions: {' → '.join(circle)}")
        self._deciding.append(name)
        try:
            value = node.evaluate(self)
        except RecursionError:
            raise EvaluationError("too many conditions depend on each other") from None
        except EvaluationError as error:
            raise error.within((self._template.version.word("conditions"), name)) from None
        finally:
            self._deciding.pop()
        self._conditions[name] = value
        return value

    def file(self, name: str) -> str:
        try:
            return self._files[name]
        except KeyError:
            raise EvaluationError(
                f'No content found in the "files" section for path: {name}',
                hint=suggest(name, self._files) or "no such file came with the template",
            ) from None

    def mapping(self, name: str) -> Value:
        if name not in self._template.mappings:
            hint = suggest(name, self._template.mappings)
            raise EvaluationError(f'there is no mapping "{name}"', hint=hint)
        return self._template.mappings[name]

    def facade(self, part: str) -> Value:
        if self._facade is None:
            raise EvaluationError("only a template inside another one has a resource facade")
        value = self._facade.get(part)
        if has_marker(value):
            self.markers += 1
        return value

    def availability_zones(self) -> Value:
        if self._outside.zones is not None:
            return list(self._outside.zones)
        self.markers += 1
        return Unknown("the availability zones")

    def export(self, name: str) -> Value:
        exports = self._outside.exports
        if exports is None:
            self.markers += 1
            return Unknown(f"the export {name}")
        if name not in exports:
            raise EvaluationError(f"No export named {name} found.", hint=suggest(name, exports))
        if has_marker(exports[name]):
            self.markers += 1
        return exports[name]
