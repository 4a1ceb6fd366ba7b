"""One call that checks a template from its text to its types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isotherm.core.diagnostics import Diagnostics, InvalidDocument
from isotherm.template.binding.binder import try_bind
from isotherm.template.binding.definition import StackDefinition
from isotherm.template.binding.surroundings import UNKNOWN_FACADE
from isotherm.template.environments.environment import EMPTY_ENVIRONMENT, Environment
from isotherm.template.limits import DEFAULT_LIMITS, Limits
from isotherm.template.parsing.loading import parse_template
from isotherm.template.validation.catalogue import TypeCatalogue
from isotherm.template.validation.validator import validate


def check(
    source: str | bytes | Mapping[str, Any],
    types: TypeCatalogue,
    *,
    environment: Environment = EMPTY_ENVIRONMENT,
    files: Mapping[str, str] | None = None,
    file: str = "template",
    limits: Limits = DEFAULT_LIMITS,
) -> Diagnostics:
    """Everything wrong with a template, slips included; parameters without a value count as
    unknown."""
    _, found = examine(
        source, types, environment=environment, files=files, file=file, limits=limits
    )
    found.extend(environment.slips)
    return found.strict()


def examine(
    source: str | bytes | Mapping[str, Any],
    types: TypeCatalogue,
    *,
    environment: Environment,
    files: Mapping[str, str] | None,
    file: str,
    limits: Limits,
) -> tuple[StackDefinition | None, Diagnostics]:
    """What ``check`` finds, and the stack as far as it can be understood.

    The template may be made for use inside another one, which has a facade.
    """
    found = Diagnostics()
    definition: StackDefinition | None = None
    try:
        template, problems = parse_template(source, file=file, limits=limits)
        found.extend(problems)
        definition, problems = try_bind(
            template, environment, files=files or {}, facade=UNKNOWN_FACADE, types=types
        )
        found.extend(problems)
        found.extend(validate(definition, types))
    except InvalidDocument as invalid:
        found = Diagnostics()
        found.extend(invalid.diagnostics)
    return definition, found
