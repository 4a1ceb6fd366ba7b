"""The one model behind both dialects: a template as read, not yet bound to values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from isotherm.template.document import Document, Path
from isotherm.template.expressions import Literal, Node
from isotherm.template.parameters import ParameterDeclaration, ParameterGroup
from isotherm.template.versions import TemplateVersion

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

    @property
    def data(self) -> dict[str, Any]:
        """The template as plain data, as it was written."""
        return self.document.data

    @property
    def file(self) -> str:
        return self.document.file
