"""Reads the definitions of resources and outputs, the same way for both dialects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from isotherm.core.values import kind_of
from isotherm.template.document import Findings, Path
from isotherm.template.expressions import Literal, Node, Refused
from isotherm.template.model import ABSENT_NODE, DeclaredOutput, DeclaredResource
from isotherm.template.parsing.compiler import ExpressionCompiler
from isotherm.template.vocabulary.advice import Words, output_keys, resource_keys
from isotherm.template.vocabulary.keys import read_as_meant, wrong_keys
from isotherm.template.vocabulary.versions import TemplateVersion


class Definitions:
    """Reads those that can be understood, with findings for all else.

    ``section`` is the key of the section that has them, ``content`` what stands in it.
    """

    def __init__(
        self, version: TemplateVersion, findings: Findings, compiler: ExpressionCompiler
    ) -> None:
        self.version, self.findings, self.compiler = version, findings, compiler
        self.word = version.word

    def resources(self, section: str, content: Mapping[str, Any]) -> Iterator[DeclaredResource]:
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
            creation_policy=self._creation_policy(data, path),
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

    def _creation_policy(self, data: dict[str, Any], path: Path) -> Node:
        known = self.word("creation_policy") in self.version.resource_keys
        return self._expression_key(data, path, "creation_policy") if known else ABSENT_NODE

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

    def outputs(self, section: str, content: Mapping[str, Any]) -> Iterator[DeclaredOutput]:
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
                read_as_meant(self.findings, path, data, key)
                clear = clear and bool(key.meant)
        return clear


_DEFINITIONS: Mapping[Words, str] = {
    resource_keys: "a resource definition",
    output_keys: "an output definition",
}
