"""Converts a whole template, section by section."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

from isotherm.core.states import DeletionPolicy
from isotherm.template.conversion import calls_to_cfn, calls_to_hot
from isotherm.template.conversion.interface import METADATA, read_interface, write_groups
from isotherm.template.conversion.parameters import convert_parameter
from isotherm.template.conversion.rewriter import NOTHING, Rewriter
from isotherm.template.document import Findings, Path
from isotherm.template.functions.registry import AWS
from isotherm.template.model import Template
from isotherm.template.vocabulary.versions import HOT, VERSION_SECTIONS, VERSIONS

_NEWEST_HOT = f"{HOT}.{max(each.hot_date for each in VERSIONS.values())}"
_CONVERTED = ("description", "parameters", "conditions", "resources", "outputs", "mappings")
_RESOURCE_VALUES = ("properties", "metadata", "update_policy")


class Dialect(Enum):
    """The formats of templates, by the version that a conversion writes."""

    HOT = _NEWEST_HOT
    CFN = AWS

    @property
    def other(self) -> Dialect:
        return Dialect.CFN if self is Dialect.HOT else Dialect.HOT

    @staticmethod
    def of(template: Template) -> Dialect:
        return Dialect.HOT if template.version.is_hot else Dialect.CFN


def convert(template: Template) -> dict[str, Any]:
    """The template in the other format, as data.

    Both describe the same stack. Raises ``InvalidDocument`` with the place of everything
    that the other format cannot say.
    """
    converter = _Converter(template)
    data = converter.convert()
    converter.findings.diagnostics.raise_errors()
    return data


class _Converter:
    def __init__(self, template: Template) -> None:
        self.template = template
        self.source, self.target = template.version, VERSIONS[Dialect.of(template).other.value]
        self.findings = Findings(template.document)
        self.labels: Mapping[str, str] = {}
        rules = calls_to_hot.RULES if self.target.is_hot else calls_to_cfn.RULES
        self.rewriter = Rewriter(template, self.target, rules, self.findings)

    def convert(self) -> dict[str, Any]:
        shown = "parameter_groups" if self.source.is_hot else METADATA
        known = {*VERSION_SECTIONS, shown, *(self._word(each) for each in _CONVERTED)}
        for section in self.template.data:
            if section not in known:
                self._cannot((section,), f"the other format has no section {section}")
        data: dict[str, Any] = {self.target.section: self.target.number}
        interface = self._interface()
        sections = {
            "parameters": self._parameters(),
            "conditions": dict(self._conditions()),
            "resources": dict(self._resources()),
            "outputs": dict(self._outputs()),
        }
        sections["conditions"] |= self.rewriter.named_conditions
        if self.template.description is not None:
            data[self.target.word("description")] = self.template.description
        return (
            data
            | interface
            | {self.target.word(key): each for key, each in sections.items() if each}
        )

    def _word(self, concept: str) -> str:
        return (
            concept if concept == "mappings" and self.source.is_hot else self.source.word(concept)
        )

    def _cannot(self, path: Path, text: str) -> None:
        self.findings.add(path, text, key=True)

    def _written(self, section: str) -> dict[str, Any]:
        written: dict[str, Any] = self.template.data.get(self.source.word(section)) or {}
        return written

    def _interface(self) -> dict[str, Any]:
        """The section that groups parameters; labels are written where parameters are."""
        if self.source.is_hot:
            metadata = write_groups(self.template, self.findings)
            return {METADATA: metadata} if metadata else {}
        found = read_interface(self.template, self.findings)
        self.labels = found.labels
        return {"parameter_groups": found.groups} if found.groups else {}

    def _parameters(self) -> dict[str, Any]:
        written = self._written("parameters")
        found = {
            name: convert_parameter(declared, written[name], self.target, self.findings)
            for name, declared in self.template.parameters.items()
        }
        for name, label in self.labels.items():
            found[name].setdefault("label", label)
        for name, mapping in self.template.mappings.items():
            if name in found or name in self.template.resources:
                text = f"the mapping would be a parameter, but {name} is the name of another thing"
                self._cannot((self.source.word("mappings"), name), text)
            found[name] = {"type": "json", "default": mapping}
        return found

    def _conditions(self) -> Iterator[tuple[str, Any]]:
        section = self.source.word("conditions")
        for name in self.template.conditions:
            data = self._written("conditions")[name]
            condition = self.rewriter.condition(data, (section, name))
            # HOT cannot define a condition by the name of another alone.
            is_name = isinstance(condition, str)
            yield name, {"and": [condition, condition]} if is_name else condition

    def _resources(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for name, declared in self.template.resources.items():
            yield name, dict(self._resource(self._written("resources")[name], declared.path))

    def _resource(self, written: dict[str, Any], path: Path) -> Iterator[tuple[str, Any]]:
        concepts = {self.source.word(each): each for each in ("type", "description", "depends_on")}
        values = {self.source.word(each): each for each in _RESOURCE_VALUES}
        for key, data in written.items():
            at = (*path, key)
            if key in concepts:
                yield self.target.word(concepts[key]), data
            elif key in values:
                yield self.target.word(values[key]), self._value(data, at)
            elif key == self.source.word("condition"):
                yield self.target.word("condition"), self.rewriter.condition(data, at)
            elif key == self.source.word("deletion_policy"):
                yield self.target.word("deletion_policy"), self._deletion_policy(data, at)
            else:
                self._cannot(at, f"the other format has no {key} for resources")

    def _deletion_policy(self, data: Any, path: Path) -> Any:
        return _spelt_out(self._value(data, path), self.source.deletion_policies)

    def _outputs(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for name, declared in self.template.outputs.items():
            yield name, dict(self._output(self._written("outputs")[name], declared.path))

    def _output(self, written: dict[str, Any], path: Path) -> Iterator[tuple[str, Any]]:
        word = self.source.word
        for key, data in written.items():
            at = (*path, key)
            if key == word("description"):
                yield self.target.word("description"), data
            elif key == word("value"):
                yield self.target.word("value"), self._value(data, at)
            elif key == word("condition"):
                yield self.target.word("condition"), self.rewriter.condition(data, at)
            else:
                self._cannot(at, f"the other format has no {key} for outputs")

    def _value(self, data: Any, path: Path) -> Any:
        value = self.rewriter.value(data, path)
        if value is NOTHING:
            self._cannot(path, "here the other format needs a value")
            return None
        return value


def _spelt_out(policy: Any, policies: Mapping[str, DeletionPolicy]) -> Any:
    """A deletion policy, chosen by a condition or not, as both formats spell it."""
    if isinstance(policy, str) and policy in policies:
        return policies[policy].value
    if isinstance(policy, dict):
        return {
            name: [argument[0], *(_spelt_out(each, policies) for each in argument[1:])]
            if name in ("if", "Fn::If")
            else argument
            for name, argument in policy.items()
        }
    return policy
