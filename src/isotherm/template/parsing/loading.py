"""Loading templates: source → document → version → model, cached by content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from isotherm.core.diagnostics import Diagnostics, InvalidDocument
from isotherm.core.suggestions import nearest
from isotherm.template.collector import collector_paused
from isotherm.template.document import Document, Findings
from isotherm.template.environments.environment import SECTIONS as ENVIRONMENT_SECTIONS
from isotherm.template.limits import DEFAULT_LIMITS, Limits
from isotherm.template.model import Template
from isotherm.template.parsing.cfn.loops import unrolled
from isotherm.template.parsing.sections import read_template
from isotherm.template.reading.cache import DocumentCache, Read, key_of
from isotherm.template.reading.source import read_document
from isotherm.template.vocabulary.advice import about_version
from isotherm.template.vocabulary.versions import VERSION_SECTIONS, VERSIONS, TemplateVersion

_CACHE = DocumentCache[Template]()
_AMAZON = "AWSTemplateFormatVersion: 2010-09-09"


def load_template(
    source: str | bytes | Mapping[str, Any],
    *,
    file: str = "template",
    limits: Limits = DEFAULT_LIMITS,
    values: Mapping[str, Any] | None = None,
) -> Template:
    """The template in ``source``. Raises ``InvalidDocument`` with all diagnostics.

    ``values`` are those of the parameters that loops may go over.
    """
    template, found = parse_template(source, file=file, limits=limits, values=values)
    found.raise_errors()
    return template


def parse_template(
    source: str | bytes | Mapping[str, Any],
    *,
    file: str = "template",
    limits: Limits = DEFAULT_LIMITS,
    values: Mapping[str, Any] | None = None,
) -> tuple[Template, Diagnostics]:
    """The template as far as it can be understood, and what is wrong with it.

    Raises ``InvalidDocument`` where nothing can be understood: no YAML, no version.
    """
    key = None if values else key_of(source, file)
    found = Diagnostics()
    if read := _CACHE.get(key, limits):
        found.extend(read.warnings)
        return read.document, found
    with collector_paused():
        template, found = _parsed(source, file, limits, values or {})
    if not found.errors:
        _CACHE.put(key, Read(template, tuple(found), limits, template.document.size))
    return template, found


def _parsed(
    source: str | bytes | Mapping[str, Any], file: str, limits: Limits, values: Mapping[str, Any]
) -> tuple[Template, Diagnostics]:
    document = read_document(source, file, limits, "template")
    findings = Findings(document)
    unversioned = _BAD if isinstance(source, Mapping) else "HTTPBadRequest"
    version = _version(document, findings, unversioned)
    if version is None:
        raise InvalidDocument(findings.diagnostics.errors)
    looped: frozenset[str] = frozenset()
    if not version.is_hot:
        document, looped = unrolled(document, findings, values)
    template = read_template(document, version, findings)
    return replace(template, loop_parameters=looped) if looped else template, findings.diagnostics


def _version(document: Document, findings: Findings, unversioned: str) -> TemplateVersion | None:
    given = [each for each in VERSION_SECTIONS if each in document.data]
    if not given and _is_of_amazon(document.data):
        findings.add((), "Template format version not found.", hint=f"say {_AMAZON}", slip=True)
        return VERSIONS[_AMAZON.replace(": ", ".")]
    if not given:
        findings.add(
            (),
            "Template format version not found.",
            hint=_about_missing_version(document.data),
            error=unversioned,
        )
        return None
    if len(given) > 1:
        findings.add((given[1],), f"Ambiguous versions ({', '.join(given)})", error=_BAD, key=True)
        return None
    section, number = given[0], document.data[given[0]]
    version = VERSIONS.get(f"{section}.{number}") if isinstance(number, str) else None
    if version is None:
        shown = number if isinstance(number, (str, int, float)) else "not text"
        findings.add(
            (section,),
            f'The template version is invalid: "{section}: {shown}"',
            hint=about_version(section, str(number)),
            error=_BAD,
        )
    return version


_BAD = "InvalidTemplateVersion"


def _is_of_amazon(data: Mapping[str, Any]) -> bool:
    """There a version may be left out, as tools do that write templates."""
    misspelt = any(nearest(each, VERSION_SECTIONS) for each in data)
    return isinstance(data.get("Resources"), Mapping) and not misspelt


def _about_missing_version(data: Mapping[str, Any]) -> str:
    near = next((each for each in data if nearest(each, VERSION_SECTIONS)), "")
    if near:
        return f"{near!r} should be {nearest(near, VERSION_SECTIONS)!r}"
    if data and data.keys() <= set(ENVIRONMENT_SECTIONS):
        return "this looks like an environment, not like a template"
    return f"say heat_template_version: {max(each.hot_date for each in VERSIONS.values())}"
