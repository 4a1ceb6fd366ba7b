"""OS::Cinder::Volume through its life."""

import pytest

from isotherm.kit import Failed, Pending, Ready, load_registry
from isotherm.kit.services.block_storage import BACKUP, VOLUME
from isotherm.testing.resource_run import ResourceRun

VOLUME_TYPE = load_registry()["OS::Cinder::Volume"]


async def created(**properties: object) -> ResourceRun:
    """A volume that has become available."""
    run = ResourceRun.begin(VOLUME_TYPE, {"size": 1, **properties})
    run.world = lambda: (
        [each.setdefault("status", "available") for each in run.cloud.objects(VOLUME).values()]
        and None
    )
    assert isinstance(await run.create(), Ready)
    run.cloud.calls.clear()
    return run


async def test_create_sends_what_is_given_under_the_chosen_name() -> None:
    run = ResourceRun.begin(VOLUME_TYPE, {"size": 10, "image": "image-id", "metadata": {"a": "b"}})
    await VOLUME_TYPE.create(run.ctx)
    (call,) = run.cloud.made("create")
    assert call.body == {
        "name": "stack-it-token",
        "size": 10,
        "imageRef": "image-id",
        "metadata": {"a": "b"},
        "multiattach": False,
    }


async def test_scheduler_hints_stand_beside_the_volume() -> None:
    run = ResourceRun.begin(VOLUME_TYPE, {"size": 1, "scheduler_hints": {"same_host": "x"}})
    await VOLUME_TYPE.create(run.ctx)
    (call,) = run.cloud.made("create")
    assert call.beside == {"OS-SCH-HNT:scheduler_hints": {"same_host": "x"}}
    assert "scheduler_hints" not in call.body


async def test_a_crash_after_the_create_finds_the_same_volume() -> None:
    run = await created()
    found = await VOLUME_TYPE.find(run.crash().ctx)
    assert [each.physical_id for each in found] == [run.ctx.physical_id]
    assert found[0].created_at == run.cloud.time


async def test_read_only_is_set_once_the_volume_is_available() -> None:
    run = await created(read_only=True)
    again = ResourceRun.begin(VOLUME_TYPE, {"size": 1, "read_only": True}, physical_id="v")
    again.world = run.world
    assert [c.what for c in run.cloud.made("act")] == []
    outcome = await VOLUME_TYPE.advance(
        again.ctx, {"id": "v", "status": "available", "metadata": {}, "size": 1}
    )
    assert isinstance(outcome, Ready)
    assert [(c.what, c.body) for c in again.cloud.made("act")] == [
        ("os-update_readonly_flag", {"readonly": True})
    ]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("available", Ready),
        ("in-use", Ready),
        ("creating", Pending),
        ("downloading", Pending),
        ("error", Failed),
        ("error_extending", Failed),
    ],
)
def test_judge(status: str, expected: type) -> None:
    assert isinstance(VOLUME_TYPE.judge({"status": status}), expected)


def test_an_error_is_told_as_clients_know_it() -> None:
    assert VOLUME_TYPE.judge({"status": "error"}) == Failed('Went to status error due to "Unknown"')


async def test_update_changes_details_in_one_call() -> None:
    run = await created(name="a", metadata={"k": "1"})
    outcome = await run.update({"size": 1, "name": "b", "metadata": {"k": "2"}})
    assert isinstance(outcome, Ready)
    (call,) = run.cloud.made()
    assert (call.verb, call.body) == ("update", {"name": "b", "metadata": {"k": "2"}})


async def test_update_retypes_then_extends_each_when_the_volume_has_settled() -> None:
    run = await created(volume_type="slow")
    states = iter(["available", "retyping", "available", "extending", "available"])

    def world() -> None:
        volume = run.cloud.objects(VOLUME)[run.ctx.physical_id]
        volume["status"] = next(states)
        if [c.what for c in run.cloud.made("act")][-1:] == ["os-extend"]:
            volume["size"] = 5

    run.world = world
    assert isinstance(await run.update({"size": 5, "volume_type": "fast"}), Ready)
    assert [(c.what, c.body) for c in run.cloud.made("act")] == [
        ("os-retype", {"new_type": "fast", "migration_policy": "never"}),
        ("os-extend", {"new_size": 5}),
    ]


async def test_update_restores_a_backup_into_the_volume() -> None:
    run = await created()
    assert isinstance(await run.update({"size": 1, "backup_id": "b1"}), Ready)
    (call,) = run.cloud.made("call")
    assert call.what == "POST /backups/b1/restore"
    assert call.body == {"restore": {"volume_id": run.ctx.physical_id}}


async def test_a_volume_does_not_shrink() -> None:
    run = await created(size=5)
    outcome = await run.update({"size": 4})
    assert isinstance(outcome, Failed)
    assert run.cloud.made("act") == []


async def test_delete_waits_for_a_detach_under_way() -> None:
    run = await created()
    run.cloud.put(VOLUME, run.ctx.physical_id, status="detaching")
    states = iter(["detaching", "available"])
    run.world = lambda: [
        each.update(status=next(states)) for each in run.cloud.objects(VOLUME).values()
    ]
    assert isinstance(await run.delete(), Ready)
    assert run.cloud.objects(VOLUME) == {}


async def test_delete_refuses_what_is_in_use() -> None:
    run = await created()
    run.cloud.put(VOLUME, run.ctx.physical_id, status="in-use")
    assert await run.delete() == Failed("Volume in use", kind="Error")


async def test_delete_waits_until_the_volume_is_gone() -> None:
    run = await created()
    run.ctx.stage = "deleting"
    assert isinstance(await VOLUME_TYPE.advance_delete(run.ctx, {"status": "deleting"}), Pending)
    assert isinstance(
        await VOLUME_TYPE.advance_delete(run.ctx, {"status": "error_deleting"}), Failed
    )


async def test_a_look_from_before_the_delete_does_not_repeat_it() -> None:
    run = await created()
    run.ctx.stage = "deleting"
    assert isinstance(await VOLUME_TYPE.advance_delete(run.ctx, {"status": "available"}), Pending)
    assert run.cloud.made("delete") == []


async def test_delete_of_what_is_gone_or_never_was() -> None:
    run = await created()
    run.cloud.remove(VOLUME, run.ctx.physical_id)
    assert isinstance(await run.delete(), Ready)
    assert run.cloud.made("delete") == []
    run.ctx.physical_id = ""
    assert isinstance(await VOLUME_TYPE.delete(run.ctx), Ready)


@pytest.mark.parametrize(
    ("properties", "path"),
    [
        ({}, "size"),
        ({"size": 1, "image": "i", "snapshot_id": "s"}, "image"),
    ],
)
def test_contradicting_sources_are_refused(properties: dict[str, object], path: str) -> None:
    assert [where for where, _ in VOLUME_TYPE.validate(properties)] == [path]


async def test_attributes() -> None:
    run = await created(metadata={"a": "b"}, name="vol")
    attachments = [{"server_id": "s"}]
    run.cloud.put(VOLUME, run.ctx.physical_id, attachments=attachments, encrypted=False)
    assert await run.attribute("size") == "1"
    assert await run.attribute("display_name") == "vol"
    assert await run.attribute("metadata") == '{"a": "b"}'
    assert await run.attribute("metadata_values") == {"a": "b"}
    assert await run.attribute("attachments") == str(attachments)
    assert await run.attribute("attachments_list") == attachments
    assert await run.attribute("encrypted") == "False"


async def test_a_copy_that_is_wanted_is_there_before_the_volume_goes_and_made_once() -> None:
    run = await created()
    run.ctx.keep_copy = True
    run.cloud.put(VOLUME, run.ctx.physical_id, status="available")
    states = iter(["creating", "creating", "available"])

    def world() -> None:
        for backup in run.cloud.objects(BACKUP).values():
            backup["status"] = next(states, "available")
            if backup["status"] == "creating":
                assert run.ctx.physical_id in run.cloud.objects(VOLUME), "the volume waits for it"

    run.world = world
    assert isinstance(await run.delete(), Ready)
    (backup,) = run.cloud.objects(BACKUP).values()
    assert (backup["volume_id"], backup["name"]) == (run.ctx.physical_id, "stack-it-token")
    assert run.cloud.objects(VOLUME) == {}


async def test_a_copy_that_fails_leaves_the_volume_alone() -> None:
    run = await created()
    run.ctx.keep_copy = True
    run.cloud.put(VOLUME, run.ctx.physical_id, status="available")
    run.cloud.put(BACKUP, "b", name="stack-it-token", status="error")
    assert await run.delete() == Failed("The backup went to error")
    assert run.ctx.physical_id in run.cloud.objects(VOLUME)
