"""From names and ids to ids."""

from __future__ import annotations

import pytest
from tests.cloud.fake_openstack import FakeOpenStack, answer

from isotherm.cloud.project_api import ProjectApi
from isotherm.core.errors import Denied, Gone, Refused

UUID = "9d64b0a8-6b0b-4c0c-8bd5-4a3b6c3b8b1a"
IMAGES = "GET /image/v2/images"


async def test_an_id_is_shown_and_a_name_is_listed(fake: FakeOpenStack, api: ProjectApi) -> None:
    fake.on(f"{IMAGES}/{UUID}", answer(200, {"id": UUID, "name": "cirros"}))
    fake.on(IMAGES, answer(200, {"images": [{"id": UUID, "name": "cirros"}]}))
    assert await api.find("glance.image", UUID) == UUID
    assert await api.find("glance.image", "cirros") == UUID
    assert fake.paths() == [f"/image/v2/images/{UUID}", "/image/v2/images?name=cirros"]


async def test_a_name_may_look_like_an_id(fake: FakeOpenStack, api: ProjectApi) -> None:
    fake.on(IMAGES, answer(200, {"images": [{"id": "1", "name": UUID}]}))
    assert await api.find("glance.image", UUID) == "1"


@pytest.mark.parametrize("name", ["cirros", "", UUID])
async def test_nothing_found_names_what_was_asked(
    fake: FakeOpenStack, api: ProjectApi, name: str
) -> None:
    fake.on(IMAGES, answer(200, {"images": [{"id": "1", "name": "CIRROS"}]}))
    with pytest.raises(Gone, match=rf"No glance\.image named '{name}'"):
        await api.find("glance.image", name)


async def test_a_name_that_is_not_unique_is_refused(fake: FakeOpenStack, api: ProjectApi) -> None:
    twins = [{"id": "1", "name": "cirros"}, {"id": "2", "name": "cirros"}]
    fake.on(IMAGES, answer(200, {"images": twins}))
    with pytest.raises(Refused, match=r"more than one glance\.image named 'cirros'"):
        await api.find("glance.image", "cirros")


async def test_where_names_cannot_be_filtered_ids_of_any_form_are_found(
    fake: FakeOpenStack, api: ProjectApi
) -> None:
    flavors = [{"id": "42", "name": "small"}, {"id": "7", "name": "42"}]
    fake.on("GET /compute/v2.1/flavors", answer(200, {"flavors": flavors}))
    assert await api.find("nova.flavor", "small") == "42"
    assert await api.find("nova.flavor", "42") == "42"


async def test_a_key_pair_is_known_by_its_name(fake: FakeOpenStack, api: ProjectApi) -> None:
    fake.on("GET /compute/v2.1/os-keypairs/k", answer(200, {"keypair": {"name": "k", "id": 9}}))
    assert await api.find("nova.keypair", "k") == "k"


async def test_names_are_no_patterns(fake: FakeOpenStack, api: ProjectApi) -> None:
    servers = [{"id": "1", "name": "a.b"}, {"id": "2", "name": "a.bc"}]
    fake.on("GET /compute/v2.1/servers", answer(200, {"servers": servers}))
    assert await api.find("nova.server", "a.b") == "1"
    assert fake.paths() == ["/compute/v2.1/servers?name=%5Ea%5C.b%24"]


async def test_a_secret_is_known_by_its_reference(fake: FakeOpenStack, api: ProjectApi) -> None:
    fake.catalogue["key-manager"] = "/secrets"
    fake.on(f"GET /secrets/v1/secrets/{UUID}", answer(200, {"name": "s"}))
    reference = f"http://elsewhere/v1/secrets/{UUID}"
    assert await api.find("barbican.secret", reference) == reference


async def test_what_may_not_be_looked_up_is_denied(fake: FakeOpenStack, api: ProjectApi) -> None:
    fake.on(IMAGES, answer(403, {"message": "Not yours."}))
    with pytest.raises(Denied, match=r"Not yours\."):
        await api.find("glance.image", "cirros")


async def test_an_unknown_finder_is_refused(api: ProjectApi) -> None:
    with pytest.raises(Refused, match=r"glance\.picture"):
        await api.find("glance.picture", "cirros")
