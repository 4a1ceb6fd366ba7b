"""What may be imported: new resources with their objects, and nothing else changes."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from tests.desk import Desk

from isotherm.core.errors import NotSupported
from isotherm.kit.plugins import load_registry
from isotherm.usecases.stacks.importing import (
    Imported,
    InvalidImport,
    as_imports,
    identifier_of,
    parts_of_import,
)
from isotherm.usecases.stacks.update_plan import ResourceChange

VOLUME = "OS::Cinder::Volume"
HANDLE = "AWS::CloudFormation::WaitConditionHandle"
DISK = Imported("disk", VOLUME, {"VolumeId": "v1"})


def change(name: str, of: str = VOLUME, how: str = "create") -> ResourceChange:
    return ResourceChange(name, of, how, None, "")


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    settings = dataclasses.replace(desk.services.settings, enable_stack_adopt=True)
    desk.services = dataclasses.replace(desk.services, settings=settings)
    return desk


def test_an_id_is_called_after_the_kind_of_its_object() -> None:
    assert identifier_of(VOLUME) == identifier_of("AWS::EC2::Volume") == "VolumeId"


def test_imported_are_the_named_ones_and_what_any_adoption_makes_is_made(desk: Desk) -> None:
    parts = parts_of_import(desk.services, [DISK])
    assert parts == {"disk": {"type": VOLUME, "resource_id": "v1"}}
    found = as_imports([change("disk"), change("handle", HANDLE)], parts, load_registry())
    assert [(each.name, each.change, each.physical_id) for each in found] == [
        ("disk", "import", "v1"),
        ("handle", "create", None),
    ]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ([change("disk"), change("other", how="update")], "other would change"),
        ([change("disk"), change("other", how="delete")], "other would change"),
        ([change("other")], "no new resource disk"),
        ([change("disk", "OS::Nova::Server")], "of type OS::Nova::Server"),
        ([change("disk"), change("other")], "no object is named"),
    ],
)
def test_nothing_else_may_change(desk: Desk, changes: Any, reason: str) -> None:
    parts = parts_of_import(desk.services, [DISK])
    with pytest.raises(InvalidImport, match=reason):
        as_imports(changes, parts, load_registry())


@pytest.mark.parametrize("identifier", [{}, {"Id": "v1"}, {"VolumeId": ""}])
def test_an_object_is_identified_by_its_id(desk: Desk, identifier: dict[str, str]) -> None:
    with pytest.raises(InvalidImport, match="VolumeId"):
        parts_of_import(desk.services, [Imported("disk", VOLUME, identifier)])


def test_a_resource_is_one_object(desk: Desk) -> None:
    with pytest.raises(InvalidImport, match="twice"):
        parts_of_import(desk.services, [DISK, DISK])


def test_the_operator_says_whether_stacks_take_anything_over() -> None:
    with pytest.raises(NotSupported, match="enable_stack_adopt"):
        parts_of_import(Desk().services, [DISK])
