"""OS::Glance::WebImage through its life."""

from typing import Any

import pytest

from isotherm.kit import Failed, Pending, Ready, load_registry
from isotherm.kit.services.image import IMAGE
from isotherm.testing.resource_run import ResourceRun

TYPE = load_registry()["OS::Glance::WebImage"]
GIVEN = {"disk_format": "qcow2", "container_format": "bare", "location": "http://x/i"}


def begin(**properties: Any) -> ResourceRun:
    run = ResourceRun.begin(TYPE, {**GIVEN, **properties})
    states = iter(["queued", "importing", *["active"] * 20])

    def world() -> None:
        for image in run.cloud.objects(IMAGE).values():
            image["status"] = next(states)

    run.world = world
    return run


async def test_create_asks_for_the_download_once() -> None:
    run = begin(os_distro="cirros", extra_properties={"a": "b"})
    assert isinstance(await run.create(), Ready)
    body = run.cloud.made("create")[0].body
    assert body["id"] == run.ctx.intent.uuid == run.ctx.physical_id
    assert (body["os_distro"], body["a"], body["name"]) == ("cirros", "b", "stack-it-token")
    assert "location" not in body
    (call,) = run.cloud.made("call")
    assert call.what == f"POST /images/{run.ctx.physical_id}/import"
    assert call.body == {"method": {"name": "web-download", "uri": "http://x/i"}}


async def test_the_download_is_not_asked_for_again_while_the_image_still_waits() -> None:
    run = begin()
    run.ctx.physical_id, run.ctx.stage = "i", "downloading"
    assert isinstance(await TYPE.advance(run.ctx, {"status": "queued"}), Pending)
    assert run.cloud.made() == []


@pytest.mark.parametrize(
    ("remote", "expected"),
    [
        ({"status": "active"}, Ready),
        ({"status": "deactivated"}, Ready),
        ({"status": "queued"}, Pending),
        ({"status": "importing"}, Pending),
        ({"status": "killed"}, Failed),
        ({"status": "queued", "os_glance_failed_import": "store1"}, Failed),
    ],
)
def test_judge(remote: dict[str, str], expected: type) -> None:
    assert isinstance(TYPE.judge(remote), expected)


async def test_a_crash_after_the_create_finds_the_same_image() -> None:
    run = begin()
    await run.create()
    assert [c.physical_id for c in await TYPE.find(run.crash().ctx)] == [run.ctx.physical_id]


async def test_members_and_activity_follow_the_download() -> None:
    run = begin(members=["p1"], active=False, visibility="shared")
    assert isinstance(await run.create(), Ready)
    below = f"POST /images/{run.ctx.physical_id}"
    assert [c.what for c in run.cloud.made("call")] == [
        f"{below}/import",
        f"{below}/members",
        f"{below}/actions/deactivate",
    ]


async def test_update_patches_shares_and_activates() -> None:
    run = begin(
        members=["p1"], architecture="x86_64", extra_properties={"a": "1", "b": "2"}, tags=["t"]
    )
    await run.create()
    run.cloud.calls.clear()
    new = {"members": ["p2"], "extra_properties": {"a": "3"}, "protected": True}
    assert isinstance(await run.update({**GIVEN, **new}), Ready)
    patch, *rest = run.cloud.made("call")
    assert sorted(patch.body, key=lambda each: str(each["path"])) == [
        {"op": "add", "path": "/a", "value": "3"},
        {"op": "remove", "path": "/architecture"},
        {"op": "remove", "path": "/b"},
        {"op": "add", "path": "/protected", "value": True},
        {"op": "add", "path": "/tags", "value": []},
    ]
    image = f"/images/{run.ctx.physical_id}"
    assert [c.what for c in rest] == [f"DELETE {image}/members/p1", f"POST {image}/members"]


@pytest.mark.parametrize(
    ("container", "disk", "fine"), [("ami", "ami", True), ("ami", "raw", False)]
)
def test_formats_of_amazon_go_together(container: str, disk: str, fine: bool) -> None:
    wrong = list(TYPE.validate({"container_format": container, "disk_format": disk}))
    assert wrong == [] if fine else wrong[0][0] == "disk_format"
