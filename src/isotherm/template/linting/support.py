"""Types, properties and attributes that are on their way out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from isotherm.core.schema import PropertySchema, SupportStatus
from isotherm.template.binding.definition import Expression, references_in
from isotherm.template.document import Path
from isotherm.template.expressions import Literal
from isotherm.template.linting.subject import Subject
from isotherm.template.linting.warnings import Warned

_ENDING = ("DEPRECATED", "HIDDEN", "UNSUPPORTED")


def old_words(subject: Subject) -> Iterator[Warned]:
    for resource in subject.definition.resources.values():
        schema = subject.types.lookup(resource.type)
        if schema is not None:
            path = (*resource.path, subject.word("type"))
            yield from _about(path, f"type {resource.type}", schema.support, schema.successor)
            yield from _properties(resource.properties, schema.properties)
    yield from _attributes(subject)


def _properties(
    expression: Expression, declared: Mapping[str, PropertySchema], above: str = ""
) -> Iterator[Warned]:
    for name, each in expression.fields.items():
        schema = declared.get(name)
        if schema is None:
            continue
        what = f"property {above}{name}"
        yield from _about(each.path, what, schema.support, schema.renamed_to)
        if schema.fields:
            yield from _properties(each, schema.fields, f"{above}{name}.")


def _attributes(subject: Subject) -> Iterator[Warned]:
    resources = subject.definition.resources
    for root, node in subject.roots:
        if type(node) is Literal:
            continue
        for path, (name, attribute, _) in references_in(node, subject.around, root):
            resource = resources.get(name)
            schema = subject.types.lookup(resource.type) if resource else None
            declared = schema.attributes.get(attribute or "") if schema else None
            # Old attributes with nothing to take their place are no mistake.
            if declared is not None and _message(declared.support):
                what = f"attribute {attribute} of {name}"
                for warned in _about(path, what, declared.support):
                    yield warned._replace(key=False)


def _message(support: SupportStatus | None) -> str:
    """What is said now, or was said when the word was first on its way out."""
    while support is not None:
        if support.message:
            return support.message
        support = support.previous
    return ""


def _about(path: Path, what: str, support: SupportStatus, successor: str = "") -> Iterator[Warned]:
    if support.status in _ENDING:
        since = f" since {support.version}" if support.version else ""
        text = f"{what} is {support.status.lower()}{since}"
        hint = _message(support) or (f"use {successor}" if successor else "")
        yield Warned("deprecated", path, text, hint, key=True)
