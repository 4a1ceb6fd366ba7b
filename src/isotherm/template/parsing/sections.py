"""Reads the sections of a document into the model, the same way for both dialects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from isotherm.core.suggestions import suggest
from isotherm.template.document import Document, Findings, Path
from isotherm.template.expressions import Decision, Node, Refused
from isotherm.template.model import (
    DeclaredRule,
    Template,
)
from isotherm.template.parameters import (
    ParameterDeclaration,
    ParameterGroup,
    PseudoParameters,
)
from isotherm.template.parsing.cfn.parameters import read_parameter as read_cfn_parameter
from isotherm.template.parsing.cfn.rules import SECTION as RULES
from isotherm.template.parsing.cfn.rules import read_rules
from isotherm.template.parsing.cfn.transforms import SECTION as TRANSFORM
from isotherm.template.parsing.cfn.transforms import check_transforms
from isotherm.template.parsing.compiler import ExpressionCompiler
from isotherm.template.parsing.definitions import Definitions
from isotherm.template.parsing.hot.parameters import read_parameter as read_hot_parameter
from isotherm.template.vocabulary.advice import about_word
from isotherm.template.vocabulary.keys import read_as_meant, wrong_keys
from isotherm.template.vocabulary.versions import TemplateVersion


def read_template(document: Document, version: TemplateVersion, findings: Findings) -> Template:
    """The template as far as it can be understood, with a finding for all else."""
    return _Sections(document, version, findings).read()


class _Sections:
    def __init__(self, document: Document, version: TemplateVersion, findings: Findings) -> None:
        self.document, self.version, self.findings = document, version, findings
        self.compiler = ExpressionCompiler(version, findings)
        self.word = version.word
        self.unreadable: set[str] = set()

    def read(self) -> Template:
        self._check_sections()
        parameters = self._parameters()
        definitions = Definitions(self.version, self.findings, self.compiler)
        template = Template(
            document=self.document,
            version=self.version,
            description=self.document.data.get(self.word("description")),
            parameters=parameters,
            parameter_groups=tuple(self._parameter_groups(parameters)),
            unreadable_parameters=frozenset(self.unreadable),
            conditions=dict(self._conditions()),
            resources={
                each.name: each for each in definitions.resources(*self._section("resources"))
            },
            outputs={each.name: each for each in definitions.outputs(*self._section("outputs"))},
            mappings=self._mappings(),
            rules=self._rules(),
            functions_called=frozenset(self.compiler.called),
            flawed=self.compiler.flawed,
        )
        if TRANSFORM in self.version.sections and TRANSFORM in self.document.data:
            check_transforms(self.document.data[TRANSFORM], self.findings)
        self._check_distinct(template)
        return template

    def _check_sections(self) -> None:
        for key in wrong_keys(self.document.data, self.version, lambda each: each.sections):
            text = f"The template section is invalid: {key.name}"
            self.findings.add((key.name,), text, hint=key.hint, key=True)
            read_as_meant(self.findings, (), self.document.data, key)

    def _section(self, concept: str, *, slip: bool = False) -> tuple[str, dict[str, Any]]:
        """The section's name and content; empty where it is absent, with a finding if no map."""
        name = self.word(concept)
        content = self.document.data.get(name)
        if isinstance(content, dict):
            return name, content
        if content:
            self.findings.add((name,), f'"{name}" must be a map', slip=slip)
        return name, {}

    def _parameters(self) -> dict[str, ParameterDeclaration]:
        """Those that can be understood; the others are remembered as unreadable."""
        _, content = self._section("parameters")
        declared: dict[str, ParameterDeclaration] = {}
        for name, data in content.items():
            if self.version.is_hot:
                parameter = read_hot_parameter(name, data, self.version, self.findings)
            else:
                parameter = read_cfn_parameter(name, data, self.version, self.findings)
            if parameter is None:
                self.unreadable.add(name)
            else:
                declared[name] = parameter
        return declared

    def _parameter_groups(
        self, parameters: Mapping[str, ParameterDeclaration]
    ) -> Iterator[ParameterGroup]:
        section = "parameter_groups"
        groups = self.document.data.get(section) if self.version.is_hot else None
        if groups and not isinstance(groups, list):
            self.findings.add((section,), f'"{section}" must be a list')
            return
        _, written = self._section("parameters")
        seen: set[str] = set()
        for index, group in enumerate(groups or []):
            path: Path = (section, index)
            names = group.get("parameters") if isinstance(group, dict) else None
            if not isinstance(names, list):
                self.findings.add(path, "a parameter group must be a map with a list of parameters")
                continue
            for place, name in enumerate(names):
                at = (*path, "parameters", place)
                if not isinstance(name, str) or name not in written:
                    hint = suggest(str(name), written)
                    self.findings.add(at, f"{name} is not a parameter of this template", hint=hint)
                elif name in seen:
                    self.findings.add(at, f"{name} is in more than one parameter group")
                else:
                    seen.add(name)
            known = tuple(name for name in names if isinstance(name, str) and name in parameters)
            yield ParameterGroup(str(group.get("label", "")), known, group)

    def _conditions(self) -> Iterator[tuple[str, Node]]:
        if not self.version.has_conditions:
            return
        section, content = self._section("conditions")
        for name, data in content.items():
            path = (section, name)
            if isinstance(data, bool) or self._calls_condition(data):
                yield name, self.compiler.root(data, path, condition=True)
            else:
                self._refuse_condition(name, data, path)
                yield name, Decision(Refused())

    def _calls_condition(self, data: Any) -> bool:
        if not isinstance(data, dict) or len(data) != 1:
            return False
        ((name, _),) = data.items()
        known = self.version.condition_functions
        # Functions of values get their own message from the compiler.
        return name in known or name in self.version.functions

    def _refuse_condition(self, name: str, data: Any, path: Path) -> None:
        equals = "equals" if self.version.is_hot else "Fn::Equals"
        hint = f"write true, false or a call such as {{{equals}: […]}}"
        if isinstance(data, dict) and len(data) == 1:
            (call,) = data
            path = (*path, call)
            hint = about_word(call, self.version, lambda each: each.condition_functions)
        text = f'The definition of condition "{name}" is invalid'
        self.findings.add(path, text, hint=hint, key=True)

    def _rules(self) -> tuple[DeclaredRule, ...]:
        if RULES not in self.version.sections:
            return ()
        return tuple(read_rules(self.document.data.get(RULES), self.compiler))

    def _mappings(self) -> dict[str, Any]:
        return {} if self.version.is_hot else self._section("mappings", slip=True)[1]

    def _check_distinct(self, template: Template) -> None:
        pseudo = PseudoParameters().values(hot=self.version.is_hot)
        for name in (template.parameters.keys() | pseudo.keys()) & template.resources.keys():
            self.findings.add(
                template.resources[name].path,
                f"Duplicate names: {name!r} is a parameter and a resource",
                key=True,
            )
