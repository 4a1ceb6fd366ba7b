"""Template files and the templates inside them, linted each in its own place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from isotherm.cli.findings import Finding
from isotherm.cli.sources import SourceError, read_files, read_source
from isotherm.core.diagnostics import Diagnostic, InvalidDocument
from isotherm.template import (
    Environment,
    Template,
    TemplateTypes,
    TypeCatalogue,
    is_template,
    lint,
    parse_template,
)

_DEEPEST = 5
"""How deep the service lets templates lie inside each other."""


@dataclass(frozen=True, slots=True)
class _Use:
    """A place where a template names another one as a type."""

    path: tuple[str | int, ...]
    type_name: str
    resource: str


class LintedFiles:
    """Looks at each nested template once, wherever it is used."""

    def __init__(self, types: TypeCatalogue) -> None:
        self._types = types
        self._seen: set[Path] = set()

    def look_at(
        self, file: Path, environment: Environment, above: tuple[Path, ...] = ()
    ) -> Iterator[Finding]:
        """Everything wrong in a template and inside it. Raises SourceError if it cannot be read."""
        source = read_source(file)
        self._seen.add(file.resolve())
        above = (*above, file.resolve())
        template = _understood(source, file)
        if template is None:
            found = lint(source, self._types, environment=environment, file=str(file))
            yield from (Finding(each, source, str(file)) for each in found)
            return
        uses = list(_uses(template, environment))
        nested = {use.type_name: file.parent / _local(use.type_name) for use in uses}
        types = TemplateTypes(self._types, _templates(nested))
        found = lint(
            source,
            types,
            environment=environment,
            # Which templates are missing is told below, for groups as well.
            files={**dict.fromkeys(nested, ""), **read_files(template, file)},
            file=str(file),
        )
        found.extend(_unusable(template, uses, nested, above))
        yield from (Finding(each, source, str(file)) for each in found)
        for use in uses:
            inner = nested[use.type_name]
            if inner.resolve() not in self._seen and inner.is_file() and len(above) <= _DEEPEST:
                yield from self.look_at(inner, _inside(environment, use.resource), above)


def _unusable(
    template: Template, uses: list[_Use], nested: Mapping[str, Path], above: tuple[Path, ...]
) -> Iterator[Diagnostic]:
    for use in uses:
        file = nested[use.type_name]
        if not file.is_file():
            text, error = f"there is no template {file}", "EntityNotFound"
        elif file.resolve() in above:
            text, error = f"template {file} contains itself", "RequestLimitExceeded"
        elif len(above) > _DEEPEST:
            text, error = f"templates lie deeper than {_DEEPEST}", "RequestLimitExceeded"
        else:
            continue
        path = ".".join(map(str, use.path))
        yield Diagnostic(text, template.document.position(use.path), path, error=error)


def _understood(source: str, file: Path) -> Template | None:
    try:
        template, _ = parse_template(source, file=str(file))
    except InvalidDocument:
        return None
    return template


def _templates(files: Mapping[str, Path]) -> dict[str, Template]:
    """Those templates that can be read; what is wrong with the others is said elsewhere."""
    found: dict[str, Template] = {}
    for name, file in files.items():
        try:
            template = _understood(read_source(file), file)
        except SourceError:
            continue
        if template is not None:
            found[name] = template
    return found


def _inside(environment: Environment, resource: str) -> Environment:
    """What a nested template sees of an environment: its parameters are properties."""
    return Environment(
        parameter_defaults=environment.parameter_defaults,
        registry=environment.registry.nested(resource),
    )


def _uses(template: Template, environment: Environment) -> Iterator[_Use]:
    """Files named as a type, be it by a resource or by what a group is made of."""
    section, key = template.version.word("resources"), template.version.word("type")
    for resource in template.resources:
        written = template.data[section][resource]
        for path, name in _types_in(written, (section, resource), {key, "type"}):
            target = environment.registry.resolve(name, resource)
            if is_template(target) and "://" not in _local(target):
                yield _Use(path, target, resource)


def _types_in(
    data: Any, path: tuple[str | int, ...], keys: set[str]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(data, Mapping):
        for key, each in data.items():
            if key in keys and isinstance(each, str):
                yield (*path, key), each
            else:
                yield from _types_in(each, (*path, key), keys)
    elif isinstance(data, list):
        for index, each in enumerate(data):
            yield from _types_in(each, (*path, index), keys)


def _local(name: str) -> str:
    return name.removeprefix("file://")
