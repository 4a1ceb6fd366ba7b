"""Reads the sections of a document into the model, the same way for both dialects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from isotherm.core.diagnostics import suggest
from isotherm.core.values import kind_of
from isotherm.template.document import Document, Findings, Path
from isotherm.template.expressions import Decision, Literal, Node, Refused
from isotherm.template.model import (
    ABSENT_NODE,
    DeclaredOutput,
    DeclaredResource,
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
from isotherm.template.parsing.hot.parameters import read_parameter as read_hot_parameter
from isotherm.template.vocabulary.advice import Words, about_word, output_keys, resource_keys
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
        template = Template(
            document=self.document,
            version=self.version,
            description=self.document.data.get(self.word("description")),
            parameters=parameters,
            parameter_groups=tuple(self._parameter_groups(parameters)),
            unreadable_parameters=frozenset(self.unreadable),
            conditions=dict(self._conditions()),
            resources={each.name: each for each in self._resources()},
            outputs={each.name: each for each in self._outputs()},
            mappings=self._mappings(),
            rules=self._rules(),
            functions_called=frozenset(self.compiler.called),
        )
        if TRANSFORM in self.version.sections and TRANSFORM in self.document.data:
            check_transforms(self.document.data[TRANSFORM], self.findings)
        self._check_distinct(template)
        return template

    def _check_sections(self) -> None:
        for key in wrong_keys(self.document.data, self.version, lambda each: each.sections):
            text = f"The template section is invalid: {key.name}"
            self.findings.add((key.name,), text, hint=key.hint, key=True)
            read_as_meant(self.findings, (), key)

    def _section(self, concept: str) -> tuple[str, dict[str, Any]]:
        """The section's name and content; empty where it is absent, with a finding if no map."""
        name = self.word(concept)
        content = self.document.data.get(name)
        if isinstance(content, dict):
            return name, content
        if content:
            self.findings.add((name,), f'"{name}" must be a map')
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

    def _resources(self) -> Iterator[DeclaredResource]:
        section, content = self._section("resources")
        for name, data in content.items():
            path = (section, name)
            if "/" in name:
                self.findings.add(path, 'Resource name may not contain "/"', key=True)
            if not isinstance(data, dict):
                text = f"a resource must be a map, not {kind_of(data)}"
                self.findings.add(path, text, key=data is None)
                continue
            if name in self.version.sections and self.word("type") not in data:
                self._refuse_section(name, path)
                continue
            clear = self._check_keys(data, path, resource_keys, self.word("type"))
            resource = self._resource(name, data, path)
            if resource is not None:
                # What stands beside the properties may be meant to be one of them.
                hidden = not clear and resource.properties is ABSENT_NODE
                yield replace(resource, properties=Refused()) if hidden else resource

    def _refuse_section(self, name: str, path: Path) -> None:
        text = f"Each resource must contain a {self.word('type')} key."
        self.findings.add(path, text, hint=f"{name} is a section: do not indent it", key=True)

    def _resource(self, name: str, data: dict[str, Any], path: Path) -> DeclaredResource | None:
        word = self.word
        type_name = data.get(word("type"))
        if word("type") not in data:
            self.findings.add(path, f"Each resource must contain a {word('type')} key.", key=True)
            return None
        if not isinstance(type_name, str) or not type_name:
            text = f"Resource {name} type must be text"
            self.findings.add((*path, word("type")), text, key=type_name is None)
            return None
        condition = self._condition_key(data, path)
        external = self.version.is_hot and self.version.has_conditions
        return DeclaredResource(
            name=name,
            type=type_name,
            path=path,
            properties=self._map_key(data, path, "properties"),
            metadata=self._map_key(data, path, "metadata"),
            update_policy=self._map_key(data, path, "update_policy"),
            deletion_policy=self._expression_key(data, path, "deletion_policy"),
            external_id=self._external_id(data, path) if external else ABSENT_NODE,
            condition=condition,
            depends_on=self._depends_on(data, path),
            description=self._text_key(data, path),
        )

    def _map_key(self, data: dict[str, Any], path: Path, concept: str) -> Node:
        key = self.word(concept)
        if key not in data:
            return ABSENT_NODE
        if not isinstance(data[key], dict):
            text = f"{key} must be a map, not {kind_of(data[key])}"
            self.findings.add((*path, key), text, key=data[key] is None)
            return Refused()
        return self.compiler.root(data[key], (*path, key))

    def _expression_key(self, data: dict[str, Any], path: Path, concept: str) -> Node:
        key = self.word(concept)
        return self.compiler.root(data[key], (*path, key)) if key in data else ABSENT_NODE

    def _external_id(self, data: dict[str, Any], path: Path) -> Node:
        node = self._expression_key(data, path, "external_id")
        if isinstance(node, Literal) and not isinstance(node.value, str | None):
            self.findings.add((*path, "external_id"), "external_id must be text")
        return node

    def _condition_key(self, data: dict[str, Any], path: Path) -> Node | None:
        if not self.version.has_conditions:
            return None
        key = self.word("condition")
        if data.get(key) is None:
            return None
        return self.compiler.root(data[key], (*path, key), condition=True)

    def _depends_on(self, data: dict[str, Any], path: Path) -> tuple[str, ...]:
        key = self.word("depends_on")
        if key not in data:
            return ()
        names = [data[key]] if isinstance(data[key], str) else data[key]
        if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
            self.findings.add((*path, key), f"{key} must be a resource name or a list of them")
            return ()
        return tuple(names)

    def _text_key(self, data: dict[str, Any], path: Path) -> str:
        key = self.word("description")
        text = data.get(key)
        if text is None or isinstance(text, str):
            return text or ""
        self.findings.add((*path, key), f"{key} must be text")
        return ""

    def _outputs(self) -> Iterator[DeclaredOutput]:
        section, content = self._section("outputs")
        value_key = self.word("value")
        for name, data in content.items():
            path = (section, name)
            if not isinstance(data, dict):
                text = f"an output must be a map, not {kind_of(data)}"
                self.findings.add(path, text, key=data is None)
                continue
            self._check_keys(data, path, output_keys, value_key)
            if value_key not in data:
                self.findings.add(
                    path, f"Each output definition must contain a {value_key} key.", key=True
                )
                continue
            yield DeclaredOutput(
                name=name,
                path=path,
                value=self.compiler.root(data[value_key], (*path, value_key)),
                condition=self._condition_key(data, path),
                description=data.get(self.word("description")),
                export=self._export(data, path),
            )

    def _export(self, data: dict[str, Any], path: Path) -> Node | None:
        export = data.get("Export") if "Export" in self.version.output_keys else None
        if export is None:
            return None
        at = (*path, "Export")
        if not isinstance(export, dict) or set(export) != {"Name"}:
            self.findings.add(at, "an export has a name and nothing else", hint="write {Name: …}")
            return None
        return self.compiler.root(export["Name"], (*at, "Name"))

    def _rules(self) -> tuple[DeclaredRule, ...]:
        if RULES not in self.version.sections:
            return ()
        return tuple(read_rules(self.document.data.get(RULES), self.compiler))

    def _mappings(self) -> dict[str, Any]:
        return {} if self.version.is_hot else self._section("mappings")[1]

    def _check_keys(self, data: dict[str, Any], path: Path, words: Words, needed: str) -> bool:
        """Whether all keys make sense, be it that they are misspelt."""
        clear = True
        for key in list(wrong_keys(data, self.version, words)):
            # AWS-style templates may say what only their own cloud understands, and what is
            # said of an output beside its value has no effect.
            harmless = words is output_keys or not self.version.is_hot
            wrong = not harmless or key.meant == needed
            self.findings.add(
                (*path, key.name),
                f'"{key.name}" is not a valid keyword inside {_DEFINITIONS[words]}',
                hint=key.hint,
                key=True,
                warning="" if wrong else "unknown-key",
            )
            if wrong:
                read_as_meant(self.findings, path, key)
                clear = clear and bool(key.meant)
        return clear

    def _check_distinct(self, template: Template) -> None:
        pseudo = PseudoParameters().values(hot=self.version.is_hot)
        for name in (template.parameters.keys() | pseudo.keys()) & template.resources.keys():
            self.findings.add(
                template.resources[name].path,
                f"Duplicate names: {name!r} is a parameter and a resource",
                key=True,
            )


_DEFINITIONS: Mapping[Words, str] = {
    resource_keys: "a resource definition",
    output_keys: "an output definition",
}
