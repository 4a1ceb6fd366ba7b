"""The templates among a request's files as types, next to those of the catalogue."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from isotherm.core.diagnostics import Diagnostic, Diagnostics, InvalidDocument
from isotherm.core.schema import TypeSchema
from isotherm.core.values import Value
from isotherm.template.environments.environment import EMPTY_ENVIRONMENT, Environment
from isotherm.template.environments.registry import is_template
from isotherm.template.limits import DEFAULT_LIMITS, Limits
from isotherm.template.model import Template
from isotherm.template.nesting.schema import schema_of_template
from isotherm.template.parsing.loading import parse_template
from isotherm.template.validation.catalogue import TypeCatalogue

_SCHEMES = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """A file as a type."""

    schema: TypeSchema
    template: Template
    text: str


class FileTypes:
    """A catalogue in which the templates among a request's files are types, too.

    ``failures`` says of addresses why there is nothing to be had. ``wanted`` collects those
    whose content was asked for and is not there.
    """

    def __init__(
        self,
        types: TypeCatalogue,
        files: Mapping[str, str],
        *,
        environment: Environment = EMPTY_ENVIRONMENT,
        failures: Mapping[str, str] | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self._types, self._files, self._limits = types, files, limits
        self._failures = failures or {}
        base_url = environment.registry.base_url
        self._base = f"{base_url.rstrip('/')}/" if base_url else ""
        self._defaults: Mapping[str, Value] = environment.parameter_defaults
        self._read: dict[str, tuple[Template | None, Diagnostics]] = {}
        self.wanted: dict[str, None] = {}

    def template(self, type_name: str) -> tuple[Template | None, Diagnostics]:
        """The template that a type is, as far as it can be understood, and what is wrong with
        it; no template and nothing wrong where the type is none of the files."""
        if not is_template(type_name):
            return None, Diagnostics()
        if type_name not in self._read:
            self._read[type_name] = self._found(type_name)
        return self._read[type_name]

    def document(self, url: str) -> tuple[Template | None, Diagnostics]:
        """As ``template``, for an address of any name; one that cannot be fetched is wrong."""
        if url not in self._read:
            self._read[url] = self._found(url)
        template, problems = self._read[url]
        if template is None and not len(problems) and not url.startswith(_SCHEMES):
            scheme = url.partition(":")[0] if ":" in url else ""
            text = f'Could not fetch remote template "{url}": Invalid URL scheme {scheme}'
            problems.add(Diagnostic(text))
        return template, problems

    def parsed(self, text: str, file: str) -> tuple[Template | None, Diagnostics]:
        """As ``template``, for a text that lies in ``file``."""
        template: Template | None = None
        problems: Iterable[Diagnostic]
        try:
            template, problems = parse_template(text, file=file, limits=self._limits)
        except InvalidDocument as invalid:
            problems = invalid.diagnostics
        found = Diagnostics()
        found.extend(_placed(each, file) for each in problems)
        return template, found

    def _found(self, name: str) -> tuple[Template | None, Diagnostics]:
        # Clients that resolve the base themselves send the bare name.
        for each in (name, name.removeprefix(self._base)):
            if each in self._files:
                return self.parsed(self._files[each], each)
        found = Diagnostics()
        if name in self._failures:
            found.add(Diagnostic(self._failures[name]))
        elif name.startswith(_SCHEMES):
            self.wanted[name] = None
        return None, found

    def builtin(self, type_name: str) -> TypeSchema | None:
        """The schema of a type that is no template."""
        return self._types.lookup(type_name)

    def lookup(self, type_name: str) -> TypeSchema | None:
        template, problems = self.template(type_name)
        if template is not None:
            return schema_of_template(type_name, template, self._defaults)
        if len(problems):
            # What is wrong is said of the file; what it would offer cannot be told.
            return TypeSchema(type_name, {}, {}, open=True)
        return self._types.lookup(type_name)

    def templates_among(self, names: Iterable[str]) -> list[TemplateFile]:
        """Those types that are templates."""
        found = ((name, self.template(name)[0]) for name in names)
        return [
            TemplateFile(
                schema_of_template(name, each, self._defaults),
                each,
                self._files[each.document.file],
            )
            for name, each in found
            if each is not None
        ]

    def names(self) -> Collection[str]:
        return [*self._types.names(), *filter(is_template, self._files)]


def _placed(diagnostic: Diagnostic, file: str) -> Diagnostic:
    """Names the file in a finding that has no position in it."""
    if diagnostic.position is not None:
        return diagnostic
    return replace(diagnostic, text=f"{file}: {diagnostic.text}")
