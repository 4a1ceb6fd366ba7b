"""How templates are reached from the top, and their findings as seen from there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from isotherm.core.diagnostics import Diagnostic, Diagnostics, Note, Severity
from isotherm.template.binding.definition import ResourceDefinition
from isotherm.template.document import dotted

TOO_DEEP = "RequestLimitExceeded"
"""The error of templates too far down."""
_TOLD_AS_THEY_ARE = frozenset({TOO_DEEP, "InvalidSchemaError"})
"""Errors that clients see by their own name wherever a template lies."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a template was reached: ``names`` of templates from the top, the path through the
    resources that they are behind, and the places of these."""

    names: tuple[str, ...] = ()
    path: str = ""
    notes: tuple[Note, ...] = ()

    def through(self, resource: ResourceDefinition, name: str) -> Way:
        path = f"{dotted(resource.path)}<{name}>"
        note = Note(f"the template is used here, by resource {resource.name}", resource.position)
        return Way(
            (*self.names, name),
            f"{self.path}.{path}" if self.path else path,
            (note, *self.notes),
        )

    def reported(self, diagnostic: Diagnostic) -> Diagnostic:
        """A finding in the template, as seen from the top."""
        if not self.names:
            return diagnostic
        error = diagnostic.error
        return replace(
            diagnostic,
            position=diagnostic.position or self.notes[0].position,
            path=f"{self.path}.{diagnostic.path}" if diagnostic.path else self.path,
            error=error if error in _TOLD_AS_THEY_ARE else "StackValidationFailed",
            notes=(*diagnostic.notes, *self.notes),
        )


TOP = Way()
"""The way to the stack that was asked for."""


def told_once(diagnostics: Iterable[Diagnostic]) -> Diagnostics:
    """Findings at different places; those of a template that is used often come once, as
    what they are where they weigh most."""
    told: dict[tuple[object, str], Diagnostic] = {}
    for each in diagnostics:
        key = (each.position or each.path, each.text)
        if key not in told or told[key].severity is Severity.SLIP:
            told[key] = each
    found = Diagnostics()
    found.extend(told.values())
    return found
