"""The one model behind both dialects: a template as read, not yet bound to values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from isotherm.template.document import Document, Path
from isotherm.template.expressions import Literal, Node
from isotherm.template.parameters import ParameterDeclaration, ParameterGroup
from isotherm.template.vocabulary.versions import TemplateVersion

ABSENT_NODE = Literal(None)


@dataclass(frozen=True, slots=True)
class DeclaredResource:
    """A resource as written; ``path`` leads to it in the document."""

    name: str
    type: str
    path: Path
    properties: Node = ABSENT_NODE
    metadata: Node = ABSENT_NODE
    update_policy: Node = ABSENT_NODE
    creation_policy: Node = ABSENT_NODE
    deletion_policy: Node = ABSENT_NODE
    external_id: Node = ABSENT_NODE
    condition: Node | None = None
    depends_on: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class DeclaredOutput:
    name: str
    path: Path
    value: Node
    condition: Node | None = None
    description: Any = None
    export: Node | None = None
    """The name under which other stacks of the project may import the value."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """Must not be false; ``description`` says why to who breaks it."""

    path: Path
    node: Node
    description: str


@dataclass(frozen=True, slots=True)
class DeclaredRule:
    """Assertions about parameters, made where the condition holds."""

    name: str
    path: Path
    condition: Node | None
    assertions: tuple[Assertion, ...]


@dataclass(frozen=True)
class Template:
    """A parsed template. Immutable and shared between stacks."""

    document: Document
    version: TemplateVersion
    description: Any = None
    parameters: Mapping[str, ParameterDeclaration] = field(default_factory=dict)
    parameter_groups: tuple[ParameterGroup, ...] = ()
    resources: Mapping[str, DeclaredResource] = field(default_factory=dict)
    outputs: Mapping[str, DeclaredOutput] = field(default_factory=dict)
    conditions: Mapping[str, Node] = field(default_factory=dict)
    mappings: Mapping[str, Any] = field(default_factory=dict)
    rules: tuple[DeclaredRule, ...] = ()
    unreadable_parameters: frozenset[str] = frozenset()
    """Parameters that are declared in a way that nobody understands."""
    functions_called: frozenset[str] = frozenset()
    flawed: bool = False
    """Whether calls are wrong that only matter where a resource or output looks at them."""
    """Names of functions that are called anywhere in the template."""
    loop_parameters: frozenset[str] = frozenset()
    """Parameters whose values decide how often parts of the template are repeated."""

    @property
    def runs_queries(self) -> bool:
        """Whether evaluating it may take long, and wait for a process of its own."""
        return "yaql" in self.functions_called

    @property
    def data(self) -> dict[str, Any]:
        """The template as plain data, as it was written."""
        return self.document.data
