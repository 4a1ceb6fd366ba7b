"""One catalogue a project, however many tokens it comes with."""

from collections.abc import Sequence
from typing import Any

import pytest
from keystoneauth1.access import AccessInfoV3

from isotherm.cloud.catalogues import Catalogues
from isotherm.cloud.settings import Settings
from isotherm.core.errors import NoSuchService


def access(token: str, services: Sequence[str], project: str = "p") -> AccessInfoV3:
    catalogue: list[dict[str, Any]] = [
        {
            "type": service,
            "endpoints": [
                {"interface": "public", "region_id": "here", "region": "here",
                 "url": f"http://{service}.example"}
            ],
        }
        for service in services
    ]  # fmt: skip
    body = {"token": {"project": {"id": project, "name": project}, "catalog": catalogue}}
    return AccessInfoV3(auth_token=token, body=body)


@pytest.fixture
def catalogues() -> Catalogues:
    return Catalogues(
        Settings(
            auth_url="http://identity.example/v3",
            username="isotherm",
            password="secret",
            project_name="service",
        )
    )


def test_tokens_of_a_project_share_what_was_read_of_its_catalogue(catalogues: Catalogues) -> None:
    first = catalogues.of(access("one", ["network"]))
    assert catalogues.of(access("two", ["network"])) is first
    assert catalogues.of(access("three", ["network"], project="q")) is not first


def test_what_changes_in_a_catalogue_is_seen_with_the_next_token(catalogues: Catalogues) -> None:
    before = catalogues.of(access("one", ["network"]))
    with pytest.raises(NoSuchService):
        before.base_url("compute")
    now = catalogues.of(access("two", ["network", "compute"]))
    assert now.base_url("compute").startswith("http://compute.example")
    assert "compute" in now.services
    assert "compute" not in catalogues.of(access("three", ["network"])).services
