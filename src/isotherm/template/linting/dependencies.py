"""Dependencies that are declared although they are there already."""

from __future__ import annotations

from collections.abc import Iterator

from isotherm.template.binding.definition import ResourceDefinition, references_in
from isotherm.template.linting.subject import Subject
from isotherm.template.linting.warnings import Warned


def repeated_dependencies(subject: Subject) -> Iterator[Warned]:
    for resource in subject.definition.resources.values():
        if not resource.depends_on:
            continue
        read = _read_by(resource, subject)
        listed: set[str] = set()
        for index, name in enumerate(resource.depends_on):
            path = (*resource.path, subject.word("depends_on"), index)
            if name in read:
                text = f"{resource.name} refers to {name} already"
            elif name in listed:
                text = f"{name} is listed twice"
            else:
                listed.add(name)
                continue
            yield Warned("repeated-dependency", path, text, "remove it")


def _read_by(resource: ResourceDefinition, subject: Subject) -> set[str]:
    return {
        reference.resource
        for part in (resource.properties, resource.metadata)
        for _, reference in references_in(part.node, subject.around)
    }
