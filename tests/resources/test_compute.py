"""OS::Nova::KeyPair, ServerGroup and Flavor through their lives."""

from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from isotherm.core.errors import Exists, Gone
from isotherm.kit import Ready, Secret, load_registry
from isotherm.kit.services.compute import FLAVOR, SERVER_GROUP
from isotherm.testing.cloud import RecordingCloud
from isotherm.testing.resource_run import ResourceRun

TYPES = load_registry()
KEY_PAIR, FLAVOR_TYPE = TYPES["OS::Nova::KeyPair"], TYPES["OS::Nova::Flavor"]
GROUP = TYPES["OS::Nova::ServerGroup"]


def key_pair(path: str = "/os-keypairs/k", **properties: Any) -> ResourceRun:
    shown = {"keypair": {"name": "k", "public_key": "ssh-rsa A", "created_at": "2026-01-01"}}
    cloud = RecordingCloud(replies={f"GET {path}": shown})
    return ResourceRun.begin(KEY_PAIR, {"name": "k", **properties}, cloud)


async def test_key_pair_is_imported_under_its_own_name() -> None:
    run = key_pair(public_key="ssh-rsa A")
    assert isinstance(await run.create(), Ready)
    assert run.ctx.physical_id == KEY_PAIR.reference(run.ctx) == "k"
    assert run.cloud.made("create")[0].body == {"name": "k", "public_key": "ssh-rsa A"}
    assert await run.attribute("public_key") == "ssh-rsa A"
    assert await run.attribute("private_key") == ""


async def test_key_pair_without_a_key_is_left_to_compute() -> None:
    run = key_pair()
    await run.create()
    assert run.cloud.made("create")[0].body == {"name": "k"}


async def test_a_private_key_is_recorded_before_compute_hears_of_it() -> None:
    run = key_pair(save_private_key=True)
    await KEY_PAIR.create(run.ctx)
    assert run.cloud.made() == []
    assert isinstance(run.ctx.data["private_key"], Secret)
    run.ctx.stage = "generated"
    assert isinstance(await run.create(), Ready)
    private = await run.attribute("private_key")
    key = serialization.load_pem_private_key(str(private).encode(), None)
    public = key.public_key().public_bytes(
        serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    )
    assert run.cloud.made("create")[0].body["public_key"] == public.decode()


async def test_an_x509_pair_is_a_certificate() -> None:
    run = key_pair(save_private_key=True, type="x509")
    await run.create()
    body = run.cloud.made("create")[0].body
    certificate = x509.load_pem_x509_certificate(body["public_key"].encode())
    assert certificate.subject.rfc4514_string() == "CN=user-id"
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [each.value for each in names] == [b"\x0c\x0euser@localhost"]


async def test_key_pair_of_another_user() -> None:
    run = key_pair("/os-keypairs/k?user_id=u", user="u", public_key="A")
    assert isinstance(await run.create(), Ready)
    assert run.cloud.made("create")[0].body["user_id"] == "u"
    await run.delete()
    assert run.cloud.made("call")[-1].what == "DELETE /os-keypairs/k?user_id=u"


async def test_key_pair_is_found_by_its_name() -> None:
    run = key_pair(public_key="ssh-rsa A")
    await run.create()
    (found,) = await KEY_PAIR.find(run.crash().ctx)
    assert (found.physical_id, found.created_at) == ("k", "2026-01-01")
    run.cloud.fail("call", "GET /os-keypairs/k", Gone("no"))
    assert await KEY_PAIR.find(run.ctx) == ()


async def test_key_pair_with_another_key_is_somebody_elses() -> None:
    run = key_pair(public_key="ssh-rsa B")
    assert await KEY_PAIR.find(run.ctx) == ()


async def test_key_pair_makes_way_for_one_of_the_same_name_and_comes_back() -> None:
    run = key_pair(public_key="A")
    await run.create()
    await KEY_PAIR.make_way(run.ctx)
    assert [each.physical_id for each in run.cloud.made("delete", "keypair")] == ["k"]
    run.cloud.fail("call", "DELETE /os-keypairs/k", Gone("no"))
    await KEY_PAIR.make_way(run.ctx)
    await KEY_PAIR.take_back(run.ctx)
    assert run.cloud.made("create")[-1].body == {"name": "k", "public_key": "A"}


async def test_server_group_body_and_recovery() -> None:
    properties = {"policies": ["anti-affinity"], "rules": {"max_server_per_host": 2}}
    run = ResourceRun.begin(GROUP, properties)
    assert isinstance(await run.create(), Ready)
    assert run.cloud.made("create")[0].body == {
        "name": "stack-it-token",
        "policy": "anti-affinity",
        "rules": {"max_server_per_host": 2},
    }
    run.cloud.put(SERVER_GROUP, "other", name="other")
    assert [c.physical_id for c in await GROUP.find(run.crash().ctx)] == [run.ctx.physical_id]
    assert isinstance(await run.delete(), Ready)
    assert list(run.cloud.objects(SERVER_GROUP)) == ["other"]


def test_server_group_has_one_policy() -> None:
    assert list(GROUP.validate({"policies": ["affinity"]})) == []
    assert [p for p, _ in GROUP.validate({"policies": ["affinity", "x"]})] == ["policies"]


def flavor(**properties: Any) -> ResourceRun:
    return ResourceRun.begin(FLAVOR_TYPE, {"ram": 512, "vcpus": 1, **properties})


async def test_flavor_gets_its_extra_specs_and_projects() -> None:
    run = flavor(extra_specs={"hw:x": "1"}, is_public=False, tenants=["p1"])
    assert isinstance(await run.create(), Ready)
    body = run.cloud.made("create")[0].body
    assert (body["id"], body["name"]) == (run.ctx.intent.uuid, "stack-it-token")
    (specs,) = run.cloud.made("call")
    assert specs.body == {"extra_specs": {"hw:x": "1"}}
    (access,) = run.cloud.made("act")
    assert (access.what, access.body) == ("addTenantAccess", {"tenant": "p1"})
    assert await run.attribute("is_public") is False


async def test_flavor_update_sends_the_difference() -> None:
    run = flavor(extra_specs={"a": "1", "b": "2"}, is_public=False, tenants=["p1", "p2"])
    await run.create()
    run.cloud.calls.clear()
    run.cloud.fail("act", "addTenantAccess", Exists("has it"))
    new = {"extra_specs": {"a": "3"}, "is_public": False, "tenants": ["p2", "p3"]}
    assert isinstance(await run.update({"ram": 512, "vcpus": 1, **new}), Ready)
    path = f"/flavors/{run.ctx.physical_id}/os-extra_specs"
    assert [c.what for c in run.cloud.made("call")] == [f"DELETE {path}/b", f"POST {path}"]
    assert [(c.what, c.body["tenant"]) for c in run.cloud.made("act")] == [
        ("removeTenantAccess", "p1"),
        ("addTenantAccess", "p3"),
    ]


async def test_flavor_is_found_by_its_chosen_id_and_name() -> None:
    run = flavor(flavorid="small")
    assert await FLAVOR_TYPE.find(run.ctx) == []
    await run.create()
    assert [c.physical_id for c in await FLAVOR_TYPE.find(run.crash().ctx)] == ["small"]
    run.cloud.put(FLAVOR, "small", name="somebody else's")
    assert await FLAVOR_TYPE.find(run.crash().ctx) == []


@pytest.mark.parametrize("given", [None, "auto"])
async def test_a_made_up_flavor_id_is_the_same_for_every_retry(given: str | None) -> None:
    run = flavor(flavorid=given)
    await run.create()
    assert [c.physical_id for c in await FLAVOR_TYPE.find(run.crash().ctx)] == [run.ctx.physical_id]
