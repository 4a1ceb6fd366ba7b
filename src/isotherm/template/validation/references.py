"""Whether resources and outputs refer to what exists."""

from __future__ import annotations

from collections.abc import Mapping

from isotherm.core.schema import TypeSchema
from isotherm.core.suggestions import suggest
from isotherm.template.binding.definition import (
    OutputDefinition,
    ResourceDefinition,
    StackDefinition,
    references_in,
    shown_path,
)
from isotherm.template.binding.surroundings import BoundSurroundings
from isotherm.template.document import Findings, Path
from isotherm.template.environments.registry import is_template
from isotherm.template.expressions import Literal, Node, Reference
from isotherm.template.validation.catalogue import COMMON_ATTRIBUTES, missing_yet, offers

Part = ResourceDefinition | OutputDefinition


def expressions(part: Part) -> list[tuple[Node, Path]]:
    if isinstance(part, OutputDefinition):
        parts = [part.value]
    else:
        parts = [part.properties, part.metadata, part.update_policy, part.creation_policy]
        parts.append(part.external_id)
    return [(each.node, each.path) for each in parts]


class ReferenceCheck:
    """Findings for references to resources and attributes that do not exist.

    ``schemas`` are those of all types in the definition, by name; None where unknown.
    """

    def __init__(
        self,
        definition: StackDefinition,
        schemas: Mapping[str, TypeSchema | None],
        around: BoundSurroundings,
        findings: Findings,
    ) -> None:
        self.definition, self.schemas = definition, schemas
        self.around, self.findings = around, findings
        self.document = definition.template.document

    def check(self, part: Part) -> None:
        if not self._reads_what_exists(part):
            for node, root in expressions(part):
                if type(node) is Literal:
                    continue
                # They come from the last to the first.
                for path, reference in reversed([*references_in(node, self.around, root)]):
                    self._check_reference(part, root, path, reference)
        if isinstance(part, ResourceDefinition):
            self._check_depends_on(part)

    def _reads_what_exists(self, part: Part) -> bool:
        """Whether all is well: finding that out is much cheaper than finding the place."""
        known = self.definition.resources
        if not part.references <= known.keys():
            return False
        return all(
            offers(schema := self.schemas[known[name].type], attribute)
            and not missing_yet(schema, attribute)
            for name, attribute, _ in part.attributes_used
        )

    def _check_reference(self, part: Part, root: Path, path: Path, reference: Reference) -> None:
        name, attribute, _ = reference
        known = self.definition.resources.keys()
        is_output = isinstance(part, OutputDefinition)
        if is_output and name in self.definition.template.resources.keys() - known:
            return  # Without its resource, the value is null.
        at = self._argument(path, 0)
        shown = shown_path(root, at, self.definition.template)
        if name not in self.definition.resources:
            # Ref may mean a parameter, so clients are not told of a wrong reference.
            is_ref = attribute is None and not self.definition.template.version.is_hot
            strict = not is_output and not is_ref
            self.findings.add(
                at,
                f'The specified reference "{name}" is incorrect.',
                hint=self._about_missing(name),
                error="InvalidTemplateReference" if strict else "StackValidationFailed",
                shown=shown,
                # The output has an error then, and the stack is fine.
                slip=is_output and attribute is None,
            )
            return
        schema = self.schemas[self.definition.resources[name].type]
        if attribute is None or schema is None:
            return
        if missing_yet(schema, attribute):
            text = f"Attribute {attribute} of {schema.name} is not supported yet"
            self.findings.add(self._argument(path, 1), text, shown=shown)
            return
        if offers(schema, attribute):
            return
        # Templates that stand for one type may differ: the output has an error then.
        tolerated = is_output and is_template(schema.name)
        self.findings.add(
            self._argument(path, 1),
            f"The Referenced Attribute ({name} {attribute}) is incorrect.",
            hint=suggest(attribute, [*schema.attributes, *COMMON_ATTRIBUTES]),
            shown=shown,
            warning="missing-output" if tolerated else "",
        )

    def _about_missing(self, name: str) -> str:
        template = self.definition.template
        head, dot, rest = name.partition(".")
        if name in template.resources:
            return "the condition of this resource does not hold"
        if template.version.is_hot and name in template.parameters:
            return f"it is a parameter: write get_param: {name}"
        if dot and head in template.resources:
            return f"write [{head}, {rest}]"
        # Ref of AWS-style templates may mean a parameter, too.
        parameters = () if template.version.is_hot else self.definition.parameters
        return suggest(name, [*template.resources, *parameters])

    def _argument(self, path: Path, index: int) -> Path:
        """The place of the argument of the call at ``path``, or of one item of it."""
        data = self.document.at(path)
        if not isinstance(data, dict) or len(data) != 1:
            return path
        ((name, argument),) = data.items()
        return (*path, name, index) if isinstance(argument, list) else (*path, name)

    def _check_depends_on(self, resource: ResourceDefinition) -> None:
        path = (*resource.path, self.definition.template.version.word("depends_on"))
        declared = self.definition.template.resources
        for index, name in enumerate(resource.depends_on):
            if name not in declared:
                written = self.document.at(path)
                self.findings.add(
                    (*path, index) if isinstance(written, list) else path,
                    f'The specified reference "{name}" is incorrect.',
                    hint=suggest(name, declared),
                    error="InvalidTemplateReference",
                )
