"""Template files and the templates inside them, linted each in its own place."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from isotherm.cli.disk_types import DiskTypes
from isotherm.cli.findings import Finding
from isotherm.cli.sources import (
    SourceError,
    is_file,
    placed_environment,
    read_bytes,
    read_files,
    read_source,
    whole_path,
)
from isotherm.core.diagnostics import (
    Diagnostic,
    Diagnostics,
    InvalidDocument,
    Note,
    Position,
    Severity,
)
from isotherm.kit.registry import Registry
from isotherm.server.operator_environment import aliases_of
from isotherm.template import (
    UNKNOWN_FACADE,
    Environment,
    FileTypes,
    PseudoParameters,
    Template,
    TreeLimits,
    check_tree,
    decoded,
    is_template,
    lint,
    lint_environment,
    merge_environments,
    parse_template,
    told_once,
    try_bind,
)

_DEEPEST = 5
"""How deep the service lets templates lie inside each other."""


@dataclass(frozen=True, slots=True)
class _Use:
    """A place where a template names another one as a type."""

    path: tuple[str | int, ...]
    type_name: str
    resource: str
    position: Position | None

    @property
    def note(self) -> Note:
        return Note(f"the template is used here, by resource {self.resource}", self.position)


@dataclass(frozen=True, slots=True)
class _Way:
    """How a template was reached: the files from the top, and the places that name them."""

    files: tuple[Path, ...] = ()
    notes: tuple[Note, ...] = ()

    def into(self, file: Path) -> _Way:
        return _Way((*self.files, whole_path(file)), self.notes)

    def through(self, use: _Use) -> _Way:
        return _Way(self.files, (use.note, *self.notes))


class LintedFiles:
    """Looks at each nested template once, wherever it is used."""

    def __init__(self, types: Registry) -> None:
        self._types = types
        self._aliases = aliases_of(types)
        self._seen: set[Path] = set()
        self._sources: dict[str, str] = {}
        self._environments: list[str] = []

    @property
    def count(self) -> int:
        """How many files were looked at."""
        return len(self._sources)

    def environment(self, files: Sequence[Path]) -> tuple[Environment, list[Finding]]:
        """The files as one, and what is wrong with them. Raises SourceError."""
        read = [self._aliases]
        found: list[Finding] = []
        for file in files:
            try:
                read.append(placed_environment(self._read(file), file))
                self._environments.append(str(file))
                found += self._findings(read[-1].slips, file)
            except InvalidDocument as invalid:
                found += self._findings(invalid.diagnostics, file)
        try:
            merged = merge_environments(read)
        except InvalidDocument as invalid:
            return Environment(), found + self._findings(invalid.diagnostics, files[-1])
        told = {each.diagnostic.text for each in found}
        new = [each for each in merged.slips if each.text not in told]
        return merged, found + self._findings(new, files[-1] if files else Path())

    def look_at(
        self, file: Path, environment: Environment, way: _Way | None = None
    ) -> Iterator[Finding]:
        """Everything wrong in a template and inside it. Raises SourceError if it cannot be read."""
        way = (way or _Way()).into(file)
        self._seen.add(whole_path(file))
        try:
            source = self._read(file)
        except InvalidDocument as invalid:
            yield from self._findings(invalid.diagnostics, file, way)
            return
        template = _understood(source, file)
        if template is None:
            found = lint(source, self._types, environment=environment, file=str(file))
            yield from self._findings(found, file, way)
            return
        uses = list(_uses(template, environment))
        distant = list(_uses(template, environment, local=False))
        nested = {use.type_name: _near(file.parent / _local(use.type_name)) for use in uses}
        found = lint(
            source,
            FileTypes(self._types, _contents(nested), environment=environment),
            environment=environment,
            # Which templates are missing is told below, for groups as well.
            files={
                **dict.fromkeys([*nested, *(use.type_name for use in distant)], ""),
                **read_files(template, file),
            },
            file=str(file),
        )
        found.extend(self._renamed(template, environment))
        found.extend(_unusable(uses, nested, way))
        found.extend(map(_unfetched, distant))
        if len(way.files) == 1:
            found.extend(self._odd_values(template))
        yield from self._findings(found, file, way)
        for use in uses:
            inner = nested[use.type_name]
            if (
                whole_path(inner) not in self._seen
                and is_file(inner)
                and len(way.files) <= _DEEPEST
            ):
                inside = _inside(environment, use.resource)
                yield from self.look_at(inner, inside, way.through(use))

    def look_through(
        self, file: Path, environment: Environment, told: Iterable[Finding]
    ) -> list[Finding]:
        """What is wrong between a template and those inside it, as far as it is not told yet:
        values that do not fit, what a template must offer, stacks that properties describe."""
        template = _understood(self._sources[str(file)], file)
        if template is None:
            return []
        types = DiskTypes(self._types, file.parent, environment)
        files = _AllTemplates(types.files)
        definition, _ = try_bind(template, environment, files=files, facade=UNKNOWN_FACADE)
        try:
            _, found = check_tree(definition, types, TreeLimits(), pseudo=PseudoParameters())
        except SourceError:
            return []  # It was told where the file was looked at.
        known = {(each.diagnostic.position, each.diagnostic.text) for each in told}
        return [
            Finding(each, self._sources.get(where, ""), where)
            for each in map(self._named, told_once(found.strict()))
            if (each.position, each.text) not in known and each.error != "RequestLimitExceeded"
            for where in [each.position.file if each.position else str(file)]
        ]

    def _renamed(self, template: Template, environment: Environment) -> Iterator[Diagnostic]:
        section, key = template.version.word("resources"), template.version.word("type")
        for name, resource in template.resources.items():
            today = self._aliases.registry.resolve(resource.type)
            if resource.type != today == environment.registry.resolve(resource.type, name):
                path = (section, name, key)
                yield Diagnostic(
                    f"type {resource.type} has another name today",
                    template.document.position(path),
                    ".".join(path),
                    hint=f"use {today}",
                    severity=Severity.WARNING,
                    name="deprecated",
                )

    def _named(self, diagnostic: Diagnostic) -> Diagnostic:
        """The diagnostic with its file called as it was called when it was read.

        What is wrong in a template that a type makes up is told where that type is used.
        """
        position = self._place(diagnostic.position)
        if position and position.file not in self._sources and not is_file(Path(position.file)):
            places = (self._place(note.position) for note in diagnostic.notes)
            position = next((each for each in places if each), position)
        return replace(diagnostic, position=position)

    def _place(self, position: Position | None) -> Position | None:
        if position is None:
            return None
        names = {whole_path(Path(name)): name for name in self._sources}
        name = names.get(whole_path(Path(position.file)), position.file)
        return replace(position, file=name)

    def _odd_values(self, template: Template) -> Iterator[Diagnostic]:
        """Warnings about what the environments give to a template."""
        for file in self._environments:
            yield from lint_environment(self._sources[file], template, file=file)

    def _read(self, file: Path) -> str:
        """The text of a file. Raises SourceError, InvalidDocument."""
        content = read_bytes(file)
        # What cannot be decoded is shown nevertheless.
        self._sources[str(file)] = content.decode(errors="replace")
        source = decoded(content, str(file))
        self._sources[str(file)] = source
        return source

    def _findings(
        self, diagnostics: Iterable[Diagnostic], file: Path, way: _Way | None = None
    ) -> list[Finding]:
        notes = way.notes if way else ()
        found = []
        for each in _strict(diagnostics):
            where = each.position.file if each.position else str(file)
            noted = replace(each, notes=(*each.notes, *notes))
            found.append(Finding(noted, self._sources[where], where))
        return found


def _strict(diagnostics: Iterable[Diagnostic]) -> Diagnostics:
    found = Diagnostics()
    found.extend(diagnostics)
    return found.strict()


class _AllTemplates(Mapping[str, str]):
    """Files among which no template seems to be missing: that is told elsewhere."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files

    def __getitem__(self, name: str) -> str:
        return self._files[name]

    def __contains__(self, name: object) -> bool:
        return name in self._files or (isinstance(name, str) and is_template(name))

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


def _unusable(uses: list[_Use], nested: Mapping[str, Path], way: _Way) -> Iterator[Diagnostic]:
    for use in uses:
        file = nested[use.type_name]
        if not is_file(file):
            text, error = f"there is no template {file}", "EntityNotFound"
        elif whole_path(file) in way.files:
            text, error = f"template {file} contains itself", "RequestLimitExceeded"
        elif len(way.files) > _DEEPEST:
            text, error = f"templates lie deeper than {_DEEPEST}", "RequestLimitExceeded"
        else:
            continue
        yield Diagnostic(text, use.position, ".".join(map(str, use.path)), error=error)


def _unfetched(use: _Use) -> Diagnostic:
    return Diagnostic(
        f"the template {use.type_name} is not looked at: nothing is fetched offline",
        use.position,
        ".".join(map(str, use.path)),
        severity=Severity.WARNING,
        name="unfetched-template",
    )


def _understood(source: str, file: Path) -> Template | None:
    try:
        template, _ = parse_template(source, file=str(file))
    except InvalidDocument:
        return None
    return template


def _contents(files: Mapping[str, Path]) -> dict[str, str]:
    """Of those that can be read; what is wrong with the others is said elsewhere."""
    found: dict[str, str] = {}
    for name, file in files.items():
        with contextlib.suppress(SourceError, InvalidDocument):
            found[name] = read_source(file)
    return found


def _inside(environment: Environment, resource: str) -> Environment:
    """What a nested template sees of an environment: its parameters are properties."""
    return Environment(
        parameter_defaults=environment.parameter_defaults,
        registry=environment.registry.nested(resource),
        places=environment.places,
    )


def _uses(template: Template, environment: Environment, *, local: bool = True) -> Iterator[_Use]:
    """Files (if not ``local``: addresses) named as a type, be it by a resource or by what a
    group is made of."""
    section, key = template.version.word("resources"), template.version.word("type")
    for resource in template.resources:
        written = template.data[section][resource]
        for path, name in _types_in(written, (section, resource), {key, "type"}):
            target = environment.registry.resolve(name, resource)
            if is_template(target) and local is ("://" not in _local(target)):
                yield _Use(path, target, resource, template.document.position(path))


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


def _near(file: Path) -> Path:
    """The file as seen from the present folder, where it lies below it."""
    here = Path.cwd()
    return file.relative_to(here) if file.is_relative_to(here) else file


def _local(name: str) -> str:
    return name.removeprefix("file://")
