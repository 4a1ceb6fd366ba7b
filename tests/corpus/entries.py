"""The corpus: one entry for each template in the folder, with what belongs to it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from isotherm.core.values import Unknown
from isotherm.kit.plugins import load_registry
from isotherm.kit.registry import Registry
from isotherm.kit.template_type import with_templates
from isotherm.template import (
    EMPTY_ENVIRONMENT,
    Environment,
    FileTypes,
    PseudoParameters,
    StackDefinition,
    Template,
    bind,
    is_template,
    load_environment,
    load_template,
)
from isotherm.template.binding.definition import Expression
from isotherm.template.expressions import Function, Node, walk

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
PLANS = HERE / "plans"
REWRITE = "ISOTHERM_REWRITE_PLANS"
"""Set this variable to store the plans anew, then look at the difference."""

PSEUDO = PseudoParameters("stack-id", "stack", "region", "project")
FACADE = {part: Unknown("the facade") for part in ("metadata", "deletion_policy", "update_policy")}
_ENVIRONMENT = ".env.yaml"
_TYPES = load_registry()


@dataclass(frozen=True)
class Entry:
    """A template and its surroundings.

    An environment stands beside a template as ``NAME.env.yaml``; templates in a folder
    ``parts`` are made for use inside others, so their parameters need no values.
    """

    file: Path

    @property
    def name(self) -> str:
        return self.file.relative_to(TEMPLATES).with_suffix("").as_posix()

    @property
    def plan_file(self) -> Path:
        return PLANS / f"{self.name}.txt"

    @property
    def is_part(self) -> bool:
        return self.file.parent.name == "parts"

    @cached_property
    def template(self) -> Template:
        return load_template(self.file.read_text(encoding="utf-8"), file=self.name)

    @cached_property
    def environment(self) -> Environment:
        beside = self.file.with_name(self.file.stem + _ENVIRONMENT)
        if not beside.exists():
            return EMPTY_ENVIRONMENT
        return load_environment(beside.read_text(encoding="utf-8"), file=self.name)

    @property
    def files(self) -> dict[str, str]:
        """What ``get_file`` may name."""
        folder = self.file.parent
        return {
            file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8")
            for file in sorted((folder / "files").glob("*"))
        }

    @cached_property
    def definition(self) -> StackDefinition:
        return bind(
            self.template,
            self.environment,
            pseudo=PSEUDO,
            files=self.files,
            facade=FACADE if self.is_part else None,
            complete=not self.is_part,
        )

    @cached_property
    def types(self) -> Registry:
        named = sorted({each.type for each in self.definition.resources.values()})
        folder = self.file.parent
        files = {
            name: (folder / name).read_text(encoding="utf-8") for name in named if is_template(name)
        }
        templates = FileTypes(_TYPES, files, environment=self.environment)
        return with_templates(_TYPES, templates.templates_among(named))

    def expressions(self) -> Iterator[tuple[str, Expression]]:
        """All values of resources and outputs whose condition holds, by where they stand."""
        for resource in self.definition.resources.values():
            yield f"{resource.name}.properties", resource.properties
            yield f"{resource.name}.metadata", resource.metadata
        for output in self.definition.outputs.values():
            yield f"output {output.name}", output.value

    def functions(self) -> set[type[Function]]:
        """The functions that the template calls, in whatever branch."""
        nodes = (each for root in self._nodes() for _, each in walk(root))
        return {type(each) for each in nodes if isinstance(each, Function)}

    def _nodes(self) -> Iterator[Node]:
        template = self.template
        yield from template.conditions.values()
        for rule in template.rules:
            yield from (each.node for each in rule.assertions)
            if rule.condition:
                yield rule.condition
        for output in template.outputs.values():
            yield from (each for each in (output.value, output.condition, output.export) if each)
        for each in template.resources.values():
            yield from (each.properties, each.metadata, each.update_policy)
            yield from (each.deletion_policy, each.external_id)
            if each.condition:
                yield each.condition


def entries() -> list[Entry]:
    files = sorted(
        file
        for pattern in ("*.yaml", "*.json", "*.template")
        for file in TEMPLATES.rglob(pattern)
        if not file.name.endswith(_ENVIRONMENT) and "files" not in file.parts
    )
    return [Entry(file) for file in files]


def registered_types() -> Mapping[str, object]:
    return _TYPES


def rewriting() -> bool:
    return bool(os.environ.get(REWRITE))
