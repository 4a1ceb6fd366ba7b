"""Loading templates: source → document → version → model, cached by content."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from isotherm.core.diagnostics import Diagnostics, InvalidDocument, nearest
from isotherm.template.collector import collector_paused
from isotherm.template.document import Document, Findings
from isotherm.template.environments.environment import SECTIONS as ENVIRONMENT_SECTIONS
from isotherm.template.limits import DEFAULT_LIMITS, Limits
from isotherm.template.model import Template
from isotherm.template.parsing.cfn.loops import unrolled
from isotherm.template.parsing.sections import read_template
from isotherm.template.reading.source import read_document
from isotherm.template.vocabulary.advice import about_version
from isotherm.template.vocabulary.versions import VERSION_SECTIONS, VERSIONS, TemplateVersion

_CACHED_TEMPLATES = 128


class _Cache:
    """The templates used last, by content and file name."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._held: OrderedDict[bytes, Template] = OrderedDict()

    def get(self, key: bytes) -> Template | None:
        template = self._held.pop(key, None)
        if template is not None:
            self._held[key] = template
        return template

    def put(self, key: bytes, template: Template) -> None:
        self._held[key] = template
        while len(self._held) > self._size:
            self._held.popitem(last=False)


_CACHE = _Cache(_CACHED_TEMPLATES)


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
    key = _cache_key(source, file, limits) if not values else None
    template = _CACHE.get(key) if key else None
    if template is None:
        template, found = parse_template(source, file=file, limits=limits, values=values)
        found.raise_errors()
        if key:
            _CACHE.put(key, template)
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
    with collector_paused():
        return _parsed(source, file, limits, values or {})


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


def _cache_key(source: str | bytes | Mapping[str, Any], file: str, limits: Limits) -> bytes | None:
    try:
        text = json.dumps(source) if isinstance(source, Mapping) else source
        content = text.encode() if isinstance(text, str) else text
    except (TypeError, ValueError, RecursionError):
        return None
    head = f"{type(source).__name__}\0{file}\0{limits}\0".encode(errors="replace")
    return hashlib.sha256(head + content).digest()


def _version(document: Document, findings: Findings, unversioned: str) -> TemplateVersion | None:
    given = [each for each in VERSION_SECTIONS if each in document.data]
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


def _about_missing_version(data: Mapping[str, Any]) -> str:
    near = next((each for each in data if nearest(each, VERSION_SECTIONS)), "")
    if near:
        return f"{near!r} should be {nearest(near, VERSION_SECTIONS)!r}"
    if data and data.keys() <= set(ENVIRONMENT_SECTIONS):
        return "this looks like an environment, not like a template"
    return f"say heat_template_version: {max(each.hot_date for each in VERSIONS.values())}"
