"""The values of a template's parameters, as an environment gives them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from isotherm.core.constraints import near_allowed
from isotherm.core.diagnostics import Diagnostic, Note, Position
from isotherm.core.suggestions import suggest
from isotherm.core.values import Secret, Unknown, Value, first_unknown, holds_secret, reveal
from isotherm.template.document import Findings, dotted
from isotherm.template.environments.environment import Environment
from isotherm.template.model import Template
from isotherm.template.parameters import ParameterDeclaration, ParameterValueError


class ParameterBinder:
    """Gives each parameter its value, and findings to those that have none or a wrong one.

    ``previous``, ``now`` and ``complete`` are those of ``bind``.
    """

    def __init__(
        self,
        template: Template,
        environment: Environment,
        findings: Findings,
        *,
        previous: Mapping[str, Value],
        now: datetime | None,
        complete: bool,
    ) -> None:
        self.template, self.environment, self.findings = template, environment, findings
        self.previous, self.now, self.complete = previous, now, complete

    def bind(self) -> dict[str, Value]:
        """Typed values by name; hidden ones are ``Secret``."""
        self._refuse_unknown()
        values = dict(self._values())
        for name in self.template.unreadable_parameters:
            values[name] = Unknown(f"parameter {name}")
        return values

    def _values(self) -> Iterator[tuple[str, Value]]:
        for name, declared in self.template.parameters.items():
            given, raw = self.environment.value(name)
            if first_unknown(raw) is not None:
                yield name, raw
                continue
            if given:
                value = self._converted(declared, reveal(raw))
            elif declared.required or declared.default is None:
                if self.complete:
                    self._missing(declared)
                yield name, Unknown(f"parameter {name}")
                continue
            else:
                value = self._default(declared)
            if declared.immutable and name in self.previous and self.previous[name] != value:
                text = f"The following parameters are immutable and may not be updated: {name}"
                self.findings.add(declared.path, text, error="ImmutableParameterModified", key=True)
            yield name, Secret(value) if declared.hidden or holds_secret(raw) else value

    def _missing(self, declared: ParameterDeclaration) -> None:
        self.findings.add(
            declared.path,
            f"The Parameter ({declared.name}) was not provided.",
            hint="give it a value or a default",
            error="UserParameterMissing",
            key=True,
        )

    def _converted(self, declared: ParameterDeclaration, raw: Value) -> Value:
        """The typed value of what somebody gave."""
        try:
            value = declared.convert(raw)
            reason = declared.violation(value, self.now)
        except ParameterValueError as error:
            value, reason = raw, str(error)
        if reason:
            near = near_allowed(declared.constraints, raw)
            reason = f"{reason} ({near})" if near and not declared.hidden else reason
            self._refuse_value(declared, reason, self.environment.place(declared.name).value)
            return Unknown(f"parameter {declared.name}")
        return value

    def _default(self, declared: ParameterDeclaration) -> Value:
        """The typed default; what is wrong with it whoever uses it, its declaration told."""
        try:
            value = declared.convert(declared.default)
            told = declared.flaw_of_default()
            reason = None if told else declared.violation(value, self.now)
        except ParameterValueError as error:
            value, reason = Unknown(f"parameter {declared.name}"), f"the default {error}"
        if reason and self.complete:
            self._refuse_value(declared, reason)
        return value

    def _refuse_value(
        self, declared: ParameterDeclaration, reason: str, given: Position | None = None
    ) -> None:
        """Refuses a value where it was given, or where its parameter is declared."""
        text = f"Parameter '{declared.name}' is invalid: {reason}"
        if given is None:
            self.findings.add(declared.path, text, key=True)
            return
        declaration = self.template.document.position(declared.path, key=True)
        note = Note("the parameter is declared here", declaration)
        path = dotted(declared.path)
        self.findings.diagnostics.add(Diagnostic(text, given, path, notes=(note,)))

    def _refuse_unknown(self) -> None:
        known = self.template.parameters
        for name in self.environment.parameters:
            if name not in known and name not in self.template.unreadable_parameters:
                # Not the template's fault, so it has no position there.
                self.findings.diagnostics.add(
                    Diagnostic(
                        f"The Parameter ({name}) was not defined in template.",
                        self.environment.place(name).key,
                        path=f"parameters.{name}",
                        hint=suggest(name, known),
                        error="UnknownUserParameter",
                    )
                )
