"""OS::Nova::Server through its life."""

import base64
import email
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from isotherm.core.errors import Busy, Denied, Gone, Refused
from isotherm.kit import Failed, Pending, Ready, Sibling, Unknown, load_registry
from isotherm.kit.services.compute import INTERFACE, SERVER
from isotherm.kit.services.network import FLOATING_IP, NETWORK, PORT, SECURITY_GROUP, SUBNET
from isotherm.resources.compute.server.user_data import LOG_USER_DATA
from isotherm.testing.resource_run import ResourceRun

TYPE = load_registry()["OS::Nova::Server"]
RAW = {"image": "img", "flavor": "f1", "user_data_format": "RAW"}


def begin(**properties: Any) -> ResourceRun:
    """A server that is built as soon as somebody looks, on a cloud with one subnet."""
    run = ResourceRun.begin(TYPE, {**RAW, **properties})
    run.cloud.put(SUBNET, "sub", network_id="net")
    run.cloud.put(NETWORK, "net", name="private")
    run.cloud.put(FLOATING_IP, "fip", port_id=None)
    run.world = lambda: [
        each.setdefault("status", "ACTIVE") for each in run.cloud.objects(SERVER).values()
    ]
    return run


async def created(**properties: Any) -> ResourceRun:
    run = begin(**properties)
    assert isinstance(await run.create(), Ready)
    run.cloud.calls.clear()
    return run


def body_of(run: ResourceRun) -> Any:
    return run.cloud.made("create", "server")[0].body


# -- create --------------------------------------------------------------------------


async def test_the_least_server_leaves_its_networks_to_compute() -> None:
    run = begin()
    assert isinstance(await run.create(), Ready)
    (call,) = run.cloud.made()
    assert call.body == {"name": "stack-it-token", "flavorRef": "f1", "imageRef": "img"}
    assert call.microversion == "2.36"


async def test_empty_texts_are_as_good_as_none() -> None:
    names = ("name", "key_name", "availability_zone", "reservation_id", "user_data", "admin_pass")
    run = begin(**dict.fromkeys(names, ""), networks=[{"network": "net", "tag": ""}])
    await run.create()
    least = {"name": "stack-it-token", "flavorRef": "f1", "imageRef": "img"}
    assert body_of(run) == {**least, "networks": [{"uuid": "net"}]}


async def test_everything_that_goes_into_the_create_call() -> None:
    run = begin(
        name="web",
        key_name="k",
        availability_zone="z",
        security_groups=["sg"],
        metadata={"a": "b", "n": {"x": 1}},
        config_drive=True,
        diskConfig="AUTO",
        admin_pass="hush",
        personality={"/etc/x": "y"},
        user_data="#!/bin/sh",
        networks=[
            {"network": "net", "fixed_ip": "10.0.0.5", "tag": "t"},
            {"port": "p1"},
        ],
    )
    await run.create()
    assert body_of(run) == {
        "name": "web",
        "flavorRef": "f1",
        "imageRef": "img",
        "key_name": "k",
        "availability_zone": "z",
        "security_groups": [{"name": "sg"}],
        "metadata": {"a": "b", "n": '{"x": 1}'},
        "user_data": base64.b64encode(b"#!/bin/sh").decode(),
        "config_drive": True,
        "OS-DCF:diskConfig": "AUTO",
        "adminPass": "hush",
        "personality": [{"path": "/etc/x", "contents": base64.b64encode(b"y").decode()}],
        "networks": [
            {"uuid": "net", "fixed_ip": "10.0.0.5", "tag": "t"},
            {"port": "p1"},
        ],
    }


async def test_scheduler_hints_stand_beside_the_server() -> None:
    run = begin(scheduler_hints={"group": "g"})
    run.cloud.replies["POST /servers"] = {"server": {"id": "s"}}
    await TYPE.create(run.ctx)
    assert run.cloud.made("call")[0].body["os:scheduler_hints"] == {"group": "g"}


async def test_compute_may_be_told_to_choose_the_network() -> None:
    run = begin(networks=[{"allocate_network": "auto"}])
    await run.create()
    assert body_of(run)["networks"] == "auto"
    assert run.cloud.made()[0].microversion == "2.42"


async def test_block_devices_of_the_first_kind() -> None:
    devices = [{"device_name": "vda", "volume_id": "v", "delete_on_termination": False}]
    run = begin(image=None, block_device_mapping=devices)
    await run.create()
    assert body_of(run)["imageRef"] == ""
    assert body_of(run)["block_device_mapping"] == devices


async def test_block_devices_of_the_second_kind() -> None:
    run = begin(
        block_device_mapping_v2=[
            {"volume_id": "v", "boot_index": 1},
            {"snapshot_id": "s", "device_name": "vdb"},
            {"image": "i", "volume_size": 5, "volume_type": "fast"},
            {"swap_size": 512},
            {"ephemeral_size": 1, "ephemeral_format": "ext4"},
        ]
    )
    await run.create()
    local = {
        "source_type": "blank",
        "destination_type": "local",
        "boot_index": -1,
        "delete_on_termination": True,
    }
    assert body_of(run)["block_device_mapping_v2"] == [
        {
            "source_type": "image",
            "destination_type": "local",
            "uuid": "img",
            "boot_index": 0,
            "delete_on_termination": True,
        },
        {"source_type": "volume", "destination_type": "volume", "uuid": "v", "boot_index": 1},
        {
            "source_type": "snapshot",
            "destination_type": "volume",
            "uuid": "s",
            "device_name": "vdb",
        },
        {
            "source_type": "image",
            "destination_type": "volume",
            "uuid": "i",
            "volume_size": 5,
            "volume_type": "fast",
        },
        {**local, "guest_format": "swap", "volume_size": 512},
        {**local, "guest_format": "ext4", "volume_size": 1},
    ]
    assert run.cloud.made()[0].microversion == "2.67"


@pytest.mark.parametrize(
    ("more", "microversion"),
    [({}, "2.60"), ({"personality": {"/a": "b"}}, "2.42")],
)
async def test_volumes_that_servers_share_need_a_newer_compute(
    more: dict[str, Any], microversion: str
) -> None:
    devices = [{"volume_id": "v", "boot_index": 0}]
    run = begin(networks=[{"network": "net"}], block_device_mapping_v2=devices, **more)
    await run.create()
    assert run.cloud.made()[0].microversion == microversion


def parts_of(run: ResourceRun) -> dict[str, tuple[str, str]]:
    """Kind and content of the parts that the server boots with, in their order."""
    document = email.message_from_bytes(base64.b64decode(body_of(run)["user_data"]))
    found = {}
    for part in document.walk():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            found[part.get_filename() or ""] = part.get_content_type(), content.decode()
    return found


async def test_a_script_is_run_by_what_images_expect_and_logged() -> None:
    run = begin(user_data="#!/bin/sh\necho ü", user_data_format="HEAT_CFNTOOLS")
    run.ctx.metadata = {"AWS::CloudFormation::Init": {"config": {}}}
    await run.create()
    parts = parts_of(run)
    assert {name: kind for name, (kind, _) in parts.items()} == {
        "boot-config": "text/cloud-config",
        "part-handler.py": "text/part-handler",
        "cfn-userdata": "text/x-cfninitdata",
        "loguserdata.py": "text/x-shellscript",
        "cfn-init-data": "text/x-cfninitdata",
    }
    assert list(parts)[1] == "part-handler.py", "it takes what comes after it"
    assert parts["cfn-userdata"][1] == "#!/bin/sh\necho ü"
    assert json.loads(parts["cfn-init-data"][1]) == {"AWS::CloudFormation::Init": {"config": {}}}
    await TYPE.create(run.ctx)
    first, second = run.cloud.made("create", "server")
    assert first.body["user_data"] == second.body["user_data"]


async def test_other_user_data_are_for_cloud_init() -> None:
    run = begin(user_data="#cloud-config\nruncmd: [ls]", user_data_format="HEAT_CFNTOOLS")
    await run.create()
    assert parts_of(run)["user-data"][0] == "text/cloud-config"
    assert "cfn-init-data" not in parts_of(run), "there are no metadata"


def test_what_runs_the_script_keeps_what_it_prints(tmp_path: Path) -> None:
    program = tmp_path / "loguserdata.py"
    text = LOG_USER_DATA.replace("/var/lib/heat-cfntools", str(tmp_path))
    program.write_text(text.replace("/var/log", str(tmp_path)))
    script = tmp_path / "cfn-userdata"
    for code in (3, 0):
        script.write_text(f"#!/bin/sh\necho hello; echo again >&2; exit {code}\n")
        words = [sys.executable, str(program)]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, done.stdout) == (code, "hello\nagain\n"), done.stderr
        assert (tmp_path / "provision-finished").exists() == (code == 0)
    log = (tmp_path / "heat-provision.log").read_text().splitlines()
    assert [line.partition(": ")[0] for line in log] == [
        *("Provision began", "hello", "again", "Provision done"),
        *("Provision began", "hello", "again", "Provision done"),
    ]


async def test_tags_are_set_once_the_server_runs() -> None:
    run = begin(tags=["a"])
    assert isinstance(await run.create(), Ready)
    (call,) = run.cloud.made("call")
    assert (call.what, call.body) == (f"PUT /servers/{run.ctx.physical_id}/tags", {"tags": ["a"]})


async def test_a_crash_after_the_create_finds_the_same_server() -> None:
    run = await created()
    run.cloud.objects(SERVER)[run.ctx.physical_id]["created"] = "2026-01-01T00:00:01Z"
    (found,) = await TYPE.find(run.crash().ctx)
    assert (found.physical_id, found.created_at) == (run.ctx.physical_id, "2026-01-01T00:00:01Z")


async def test_names_are_looked_for_without_what_a_pattern_would_read_into_them() -> None:
    run = begin(name="we(b+1")
    await TYPE.find(run.ctx)
    assert run.cloud.calls[-1].body == {"name": "we"}


# -- own ports -----------------------------------------------------------------------

OWN = [
    {
        "subnet": "sub",
        "fixed_ip": "10.0.0.9",
        "floating_ip": "fip",
        "port_extra_properties": {
            "mac_address": "fa:16:3e:00:00:01",
            "qos_policy": "q",
            "value_specs": {"custom": 1},
        },
    },
    {"network": "net"},
]


async def test_a_subnet_brings_a_port_of_the_servers_own() -> None:
    run = begin(networks=OWN, security_groups=["web"])
    run.cloud.put(SECURITY_GROUP, "sg-id", name="web")
    assert isinstance(await run.create(), Ready)
    (port,) = run.cloud.objects(PORT).values()
    assert {
        "network_id": "net",
        "fixed_ips": [{"subnet_id": "sub", "ip_address": "10.0.0.9"}],
        "security_groups": ["sg-id"],
        "mac_address": "fa:16:3e:00:00:01",
        "binding:vnic_type": "normal",
        "admin_state_up": True,
        "qos_policy_id": "q",
        "custom": 1,
    }.items() <= port.items()
    assert body_of(run)["networks"] == [{"port": port["id"]}, {"uuid": "net"}]
    assert run.cloud.objects(FLOATING_IP)["fip"]["port_id"] == port["id"]


async def test_a_port_without_addresses() -> None:
    extra = {"no_fixed_ips": True}
    await (run := begin(networks=[{"network": "net", "port_extra_properties": extra}])).create()
    (port,) = run.cloud.objects(PORT).values()
    assert port["fixed_ips"] == []


async def test_ports_are_recorded_before_they_are_made() -> None:
    run = begin(networks=OWN)
    assert await TYPE.create(run.ctx) == Pending(0, stage="ports")
    assert list(run.ctx.data["ports"].values()) == [""]
    assert run.cloud.made() == []


async def test_a_port_made_by_a_call_that_was_interrupted_is_used() -> None:
    run = begin(networks=OWN)
    await TYPE.create(run.ctx)
    planned = dict(run.ctx.data)
    run.ctx.stage = "ports"
    await TYPE.create(run.ctx)
    run.ctx.data = planned  # the process died before the outcome was recorded
    await run.create()
    assert len(run.cloud.made("create", "port")) == 1


async def test_equal_entries_get_a_port_each() -> None:
    run = begin(networks=[{"subnet": "sub"}, {"subnet": "sub"}])
    await run.create()
    assert len(run.cloud.objects(PORT)) == 2


async def test_delete_removes_the_ports_too() -> None:
    run = await created(networks=OWN)
    assert isinstance(await run.delete(), Ready)
    assert run.cloud.objects(PORT) == run.cloud.objects(SERVER) == {}


async def test_ports_go_once_the_server_is_gone() -> None:
    """Nobody but an administrator may delete the port of a server."""
    run = await created(networks=OWN)
    run.cloud.fail("show", "server", Busy("not now"))
    with pytest.raises(Busy):
        await run.delete()
    assert len(run.cloud.objects(PORT)) == 1, "nobody knows yet whether the server is gone"
    assert isinstance(await run.delete(), Ready)
    assert [each.what for each in run.cloud.made("delete")] == ["server", "server", "port"]


async def test_ports_go_with_a_server_that_is_gone_already() -> None:
    run = await created(networks=OWN)
    run.cloud.remove(SERVER, run.ctx.physical_id)
    assert isinstance(await run.delete(), Ready)
    assert run.cloud.objects(PORT) == {}


async def test_ports_go_with_a_server_that_the_cloud_keeps_for_a_while() -> None:
    run = await created(networks=OWN)
    (port,) = run.cloud.objects(PORT)
    run.cloud.put(PORT, port, device_id=run.ctx.physical_id, device_owner="compute:nova")
    run.cloud.fail("delete", "port", Denied("by policy"))
    assert isinstance(await run.delete(), Ready)
    (freed,) = run.cloud.made("update", "port")
    assert freed.body == {"device_id": "", "device_owner": ""}
    assert run.cloud.objects(PORT) == {}


async def test_a_port_that_another_server_uses_stays() -> None:
    run = await created(networks=OWN)
    (port,) = run.cloud.objects(PORT)
    run.cloud.put(PORT, port, device_id="another", device_owner="compute:nova")
    run.cloud.fail("delete", "port", Denied("by policy"))
    with pytest.raises(Denied):
        await run.delete()
    assert list(run.cloud.objects(PORT)) == [port]


async def test_ports_of_a_server_that_never_came_are_found_and_removed() -> None:
    run = begin(networks=OWN)
    await TYPE.create(run.ctx)
    planned = dict(run.ctx.data)
    run.ctx.stage = "ports"
    await TYPE.create(run.ctx)
    run.ctx.data = planned
    assert isinstance(await run.delete(), Ready)
    assert run.cloud.objects(PORT) == {}


# -- states --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("ACTIVE", Ready),
        ("BUILD", Pending),
        ("BUILD(scheduling)", Pending),
        ("REBUILD", Pending),
        ("SHUTOFF", Pending),
        ("ERROR", Failed),
        ("MOON", Failed),
    ],
)
def test_judge(status: str, expected: type) -> None:
    assert isinstance(TYPE.judge({"status": status}), expected)


def test_an_error_carries_computes_own_words() -> None:
    fault = {"message": "No valid host was found. ", "code": 500}
    assert TYPE.judge({"status": "ERROR", "fault": fault}) == Failed(
        'Went to status ERROR due to "Message: No valid host was found. , Code: 500"'
    )
    unknown = TYPE.judge({"status": "MOON"})
    assert isinstance(unknown, Failed)
    assert unknown.kind == "ResourceUnknownStatus"


@pytest.mark.parametrize(
    ("remote", "expected"),
    [
        ({"status": "ACTIVE"}, Pending),
        ({"status": "ERROR", "OS-EXT-STS:task_state": "deleting"}, Pending),
        ({"status": "ERROR", "OS-EXT-STS:task_state": None}, Failed),
        ({"status": "SOFT_DELETED"}, Ready),
    ],
)
def test_judge_delete(remote: dict[str, Any], expected: type) -> None:
    assert isinstance(TYPE.judge_delete(remote), expected)


async def test_delete_of_what_is_gone() -> None:
    run = await created()
    run.cloud.remove(SERVER, run.ctx.physical_id)
    assert isinstance(await run.delete(), Ready)


# -- update --------------------------------------------------------------------------


async def test_details_change_at_once() -> None:
    run = await created(name="a", metadata={"k": "1"})
    new = {"name": "b", "metadata": {"k": "2"}, "tags": ["t"], "admin_pass": "new"}
    assert isinstance(await run.update({**RAW, **new}), Ready)
    server = f"/servers/{run.ctx.physical_id}"
    assert [(c.what, c.body) for c in run.cloud.made()] == [
        ("server", {"name": "b"}),
        (f"PUT {server}/metadata", {"metadata": {"k": "2"}}),
        (f"PUT {server}/tags", {"tags": ["t"]}),
        ("changePassword", {"adminPass": "new"}),
    ]


async def test_a_server_that_somebody_stopped_can_be_renamed() -> None:
    run = await created()
    run.cloud.put(SERVER, run.ctx.physical_id, status="SHUTOFF")
    assert isinstance(await run.update({**RAW, "name": "b"}), Ready)


async def test_resize_is_confirmed() -> None:
    run = await created()
    before: dict[str, Any] = {"flavor": {"id": "f1"}}
    after: dict[str, Any] = {"flavor": {"id": "f2"}}
    states = iter(
        [
            {"status": "ACTIVE", **before},
            {"status": "RESIZE", **before},
            {"status": "VERIFY_RESIZE", **after},
            {"status": "VERIFY_RESIZE", **after},
            {"status": "ACTIVE", **after},
        ]
    )
    run.world = lambda: run.cloud.put(SERVER, run.ctx.physical_id, **next(states))
    assert isinstance(await run.update({**RAW, "flavor": "f2"}), Ready)
    assert [(c.what, c.body) for c in run.cloud.made("act")] == [
        ("resize", {"flavorRef": "f2"}),
        ("confirmResize", None),
    ]


async def test_a_resize_that_falls_back_is_a_failure() -> None:
    run = await created()
    run.cloud.put(SERVER, run.ctx.physical_id, flavor={"id": "f1"})
    outcome = await run.update({**RAW, "flavor": "f2"})
    assert outcome == Failed("Resizing to 'f2' failed, status 'ACTIVE'", kind="Error")


async def test_rebuild_then_resize() -> None:
    run = await created()
    server = run.cloud.put(SERVER, run.ctx.physical_id, image={"id": "img"}, flavor={"id": "f1"})

    def world() -> None:
        done = [c.what for c in run.cloud.made("act")]
        if done == ["rebuild", "resize"]:
            server["flavor"] = {"id": "f2"}

    run.world = world
    new = {"image": "img2", "image_update_policy": "REBUILD_PRESERVE_EPHEMERAL", "flavor": "f2"}
    assert isinstance(await run.update({**RAW, **new}), Ready)
    assert [(c.what, c.body) for c in run.cloud.made("act")] == [
        ("rebuild", {"imageRef": "img2", "preserve_ephemeral": True}),
        ("resize", {"flavorRef": "f2"}),
    ]


async def test_user_data_can_rebuild() -> None:
    run = await created(user_data="a")
    run.cloud.put(SERVER, run.ctx.physical_id, image={"id": "img"})
    new = {"user_data": "b", "user_data_update_policy": "REBUILD", "admin_pass": "x"}
    assert isinstance(await run.update({**RAW, **new}), Ready)
    call = run.cloud.made("act", "rebuild")[0]
    data = base64.b64encode(b"b").decode()
    assert call.body == {"imageRef": "img", "adminPass": "x", "user_data": data}
    assert call.microversion == "2.57"


@pytest.mark.parametrize(
    ("new", "replaced"),
    [
        ({"flavor": "f2"}, False),
        ({"flavor": "f2", "flavor_update_policy": "REPLACE"}, True),
        ({"image": "i2"}, False),
        ({"image": "i2", "image_update_policy": "REPLACE"}, True),
        ({"image": None}, True),
        ({"user_data": "x"}, True),
        ({"user_data": "x", "user_data_update_policy": "IGNORE"}, False),
        ({"name": "n"}, False),
    ],
)
def test_what_replaces_a_server(new: dict[str, Any], replaced: bool) -> None:
    old = begin()
    run = ResourceRun.begin(TYPE, {**RAW, **new}, recorded=old.ctx.props)
    assert TYPE.replaces(run.changes(), old.ctx.props, run.ctx.props) is replaced


async def test_networks_are_exchanged_once_the_old_card_is_off() -> None:
    kept, gone = {"network": "net"}, {"network": "net", "fixed_ip": "10.0.0.7"}
    run = await created(networks=[kept, gone, {"port": "p1", "floating_ip": "fip"}])
    server = run.ctx.physical_id
    for port, address in (("a", "10.0.0.3"), ("b", "10.0.0.7"), ("p1", "10.0.0.4")):
        card = {"net_id": "net", "fixed_ips": [{"ip_address": address}]}
        run.cloud.put(INTERFACE, port, parent=server, **card)
    new = {"networks": [kept, {"port": "p2", "tag": "t"}, {"subnet": "sub"}]}
    assert isinstance(await run.update({**RAW, **new}), Ready)
    own = next(iter(run.cloud.objects(PORT)))
    assert [c.physical_id for c in run.cloud.made("delete")] == ["b", "p1"]
    assert [c.body for c in run.cloud.made("create", "interfaceAttachment")] == [
        {"port_id": "p2", "tag": "t"},
        {"port_id": own},
    ]
    assert run.cloud.objects(FLOATING_IP)["fip"]["port_id"] is None
    assert "leaving" not in run.ctx.data
    assert own in run.ctx.data["ports"].values()


async def test_own_ports_go_with_their_card() -> None:
    run = await created(networks=[{"subnet": "sub"}])
    own = next(iter(run.cloud.objects(PORT)))
    run.cloud.put(INTERFACE, own, parent=run.ctx.physical_id, net_id="net")
    assert isinstance(await run.update({**RAW, "networks": [{"port": "p2"}]}), Ready)
    assert run.cloud.objects(PORT) == {}


async def test_cards_that_compute_chose_go_when_others_are_asked_for() -> None:
    run = await created()
    run.cloud.put(INTERFACE, "x", parent=run.ctx.physical_id, net_id="any")
    assert isinstance(await run.update({**RAW, "networks": [{"port": "p2"}]}), Ready)
    assert list(run.cloud.objects(INTERFACE, parent=run.ctx.physical_id)) == ["p2"]


def put_card(run: ResourceRun, port: str, address: str = "10.0.0.3", **fields: Any) -> None:
    fixed = [{"ip_address": address, "subnet_id": "sub"}] if address else []
    card = {"net_id": "net", "fixed_ips": fixed, "mac_addr": "fa:16:3e:00:00:01", **fields}
    run.cloud.put(INTERFACE, port, parent=run.ctx.physical_id, **card)
    run.cloud.put(PORT, port)


KEPT: list[tuple[list[dict[str, Any]] | None, list[dict[str, Any]] | None]] = [
    ([{"network": "net"}], [{"network": "net", "subnet": "sub"}]),
    ([{"network": "net"}], [{"subnet": "sub"}]),
    ([{"network": "net"}], [{"network": "net", "fixed_ip": "10.0.0.3"}]),
    ([{"network": "net"}], [{"port": "a"}]),
    ([{"network": "net"}], [{"allocate_network": "auto"}]),
    ([{"port": "a"}], [{"network": "net"}]),
    ([{"network": "net", "tag": ""}], [{"network": "net"}]),
    (None, [{"network": "net"}]),
    ([{"network": "net"}], None),
    ([{"network": "net"}], [{"network": "net", "floating_ip": "fip"}]),
    (
        [{"network": "net"}],
        [{"network": "net", "port_extra_properties": {"mac_address": "fa:16:3e:00:00:01"}}],
    ),
]


@pytest.mark.parametrize(("before", "after"), KEPT)
async def test_a_card_that_satisfies_an_entry_is_kept(before: Any, after: Any) -> None:
    run = await created(networks=before)
    put_card(run, "a")
    assert isinstance(await run.update({**RAW, "networks": after}), Ready)
    assert list(run.cloud.objects(INTERFACE, parent=run.ctx.physical_id)) == ["a"]
    assert run.cloud.made("delete") == run.cloud.made("create") == []
    if after and after[0].get("floating_ip"):
        assert run.cloud.objects(FLOATING_IP)["fip"]["port_id"] == "a"


GOES: list[dict[str, Any]] = [
    {"network": "other"},
    {"subnet": "sub", "fixed_ip": "10.0.0.4"},
    {"network": "net", "tag": "new"},
    {"network": "net", "port_extra_properties": {"mac_address": "fa:16:3e:00:00:02"}},
    {"network": "net", "port_extra_properties": {"no_fixed_ips": True}},
    {"port": "b"},
    {"allocate_network": "none"},
]


@pytest.mark.parametrize("entry", GOES)
async def test_a_card_that_no_entry_wants_goes(entry: dict[str, Any]) -> None:
    run = await created(networks=[{"network": "net"}])
    put_card(run, "a")
    assert isinstance(await run.update({**RAW, "networks": [entry]}), Ready)
    assert [each.physical_id for each in run.cloud.made("delete")] == ["a"]
    left = list(run.cloud.objects(INTERFACE, parent=run.ctx.physical_id))
    assert len(left) == (0 if "allocate_network" in entry else 1)


async def test_the_entries_that_ask_for_most_choose_first() -> None:
    run = await created(networks=[{"network": "net"}, {"network": "net"}])
    put_card(run, "a", "10.0.0.3")
    put_card(run, "b", "10.0.0.4")
    new = [{"network": "net"}, {"network": "net", "fixed_ip": "10.0.0.3"}]
    assert isinstance(await run.update({**RAW, "networks": new}), Ready)
    assert run.cloud.made() == []
    assert isinstance(await run.update({**RAW, "networks": new[1:]}), Ready)
    assert [each.physical_id for each in run.cloud.made("delete")] == ["b"]


async def test_an_own_port_that_is_kept_for_another_entry_stays_the_servers_own() -> None:
    run = await created(networks=[{"subnet": "sub"}])
    (own,) = run.cloud.objects(PORT)
    put_card(run, own)
    details = {"admin_state_up": False}
    new = [{"subnet": "sub", "port_extra_properties": details}]
    assert isinstance(await run.update({**RAW, "networks": new}), Ready)
    assert run.cloud.objects(PORT)[own]["admin_state_up"] is False
    assert list(run.ctx.data["ports"].values()) == [own]
    assert isinstance(await run.update(RAW), Ready)
    assert run.cloud.made("delete") == [], "without a wish, one card is as good as any"
    assert isinstance(await run.delete(), Ready)
    assert run.cloud.objects(PORT) == {}


async def test_a_server_without_any_card_gets_one_when_nothing_is_said_of_networks() -> None:
    run = await created(networks=[{"port": "a"}])
    put_card(run, "a")
    assert isinstance(await run.update(RAW), Ready)
    assert [each.physical_id for each in run.cloud.made("delete")] == ["a"], "it may be wanted"
    assert [each.body for each in run.cloud.made("create")] == [{}]


async def test_attach_waits_for_a_detach_under_way() -> None:
    old = begin(networks=[{"port": "p1"}])
    run = begin(networks=[{"port": "p2"}])
    run.ctx.recorded, run.ctx.stage, run.ctx.physical_id = old.ctx.props, "unplugged", "s"
    run.ctx.data["leaving"] = ["p1"]
    run.cloud.put(INTERFACE, "p1", parent="s")
    assert isinstance(await TYPE.advance(run.ctx, {"status": "ACTIVE"}), Pending)
    assert run.cloud.made() == []


async def test_a_replaced_server_lets_go_of_its_port_and_takes_it_back() -> None:
    run = await created(networks=[{"port": "p1"}, {"subnet": "sub", "fixed_ip": "10.0.0.9"}])
    server, own = run.ctx.physical_id, run.cloud.objects(PORT)["port-1"]
    run.cloud.put(INTERFACE, "p1", parent=server)
    await TYPE.make_way(run.ctx)
    assert "p1" in [each.physical_id for each in run.cloud.made("delete")]
    assert own["fixed_ips"] == []
    await TYPE.take_back(run.ctx)
    assert run.cloud.made("create")[-1].body == {"port_id": "p1"}
    assert own["fixed_ips"] == [{"subnet_id": "sub", "ip_address": "10.0.0.9"}]


async def test_a_port_that_is_still_being_taken_off_is_waited_for() -> None:
    run = await created(networks=[{"port": "p1"}])
    run.cloud.put(INTERFACE, "p1", parent=run.ctx.physical_id)
    run.ctx.data["leaving"] = ["p1"]
    with pytest.raises(Busy):
        await TYPE.make_way(run.ctx)
    assert run.cloud.made("delete") == []
    run.cloud.remove(INTERFACE, "p1", parent=run.ctx.physical_id)
    await TYPE.make_way(run.ctx)


# -- rules and attributes ------------------------------------------------------------


@pytest.mark.parametrize(
    ("properties", "path"),
    [
        ({}, "image"),
        ({"image": "i", "networks": [{}]}, "networks.0"),
        ({"image": "i", "networks": [{"port": "p", "subnet": "s"}]}, "networks.0.port"),
        (
            {"image": "i", "networks": [{"allocate_network": "auto"}, {"network": "n"}]},
            "networks.0.allocate_network",
        ),
        ({"block_device_mapping": [{"device_name": "vda"}]}, "block_device_mapping.0"),
        ({"block_device_mapping_v2": [{}]}, "block_device_mapping_v2.0"),
        (
            {
                "image": "i",
                "block_device_mapping": [{"device_name": "vda", "volume_id": "v"}],
                "block_device_mapping_v2": [{"volume_id": "v"}],
            },
            "block_device_mapping_v2",
        ),
    ],
)
def test_contradictions_are_refused(properties: dict[str, Any], path: str) -> None:
    assert [where for where, _ in TYPE.validate(properties)] == [path]


def test_what_is_not_known_yet_is_no_contradiction() -> None:
    assert list(TYPE.validate({"image": Unknown("i"), "networks": Unknown("n")})) == []
    assert list(TYPE.validate({"image": "i", "networks": [{"port": Unknown("p")}]})) == []


def test_subnets_of_its_networks_come_first() -> None:
    own = Sibling("it", "OS::Nova::Server", {"networks": [{"network": Unknown("net")}]})
    subnet = Sibling("s", "OS::Neutron::Subnet", {"network": Unknown("net")})
    other = Sibling("o", "OS::Neutron::Subnet", {"network": Unknown("elsewhere")})
    assert list(TYPE.implicit_dependencies(own, [subnet, other])) == ["s"]
    bare = Sibling("it", "OS::Nova::Server", {})
    assert list(TYPE.implicit_dependencies(bare, [subnet])) == []


async def test_attributes() -> None:
    run = await created()
    entry = {"addr": "10.0.0.3", "version": 4, "OS-EXT-IPS-MAC:mac_addr": "m"}
    stray = {"addr": "10.9.9.9", "version": 4, "OS-EXT-IPS-MAC:mac_addr": "none"}
    run.cloud.put(SERVER, run.ctx.physical_id, addresses={"private": [entry], "odd": [stray]})
    fixed = [{"subnet_id": "sub", "ip_address": "10.0.0.3"}]
    run.cloud.put(
        PORT, "p", device_id=run.ctx.physical_id, mac_address="m", network_id="net", fixed_ips=fixed
    )
    assert await run.attribute("first_address") == "10.0.0.3"
    assert await run.attribute("networks") == {
        "private": ["10.0.0.3"],
        "net": ["10.0.0.3"],
        "odd": ["10.9.9.9"],
    }
    addresses: Any = await run.attribute("addresses")
    assert addresses["private"] == addresses["net"]
    assert addresses["private"][0]["port"] == "p"
    assert addresses["private"][0]["subnets"][0]["id"] == "sub"
    assert addresses["private"][0]["network"]["name"] == "private"
    assert addresses["odd"][0]["port"] is None
    assert await run.attribute("os_collect_config") == {}
    assert await run.attribute("name") == "stack-it-token"


async def test_console_urls_by_kind() -> None:
    run = await created()
    what = f"POST /servers/{run.ctx.physical_id}/remote-consoles"
    run.cloud.replies[what] = {"remote_console": {"url": "http://console"}}
    run.cloud.fail("call", what, Refused("not configured", status=400))
    urls: Any = await run.attribute("console_urls")
    assert urls["novnc"] == "not configured (HTTP 400)"
    assert urls["serial"] == "http://console"


async def test_a_server_that_vanished_is_told_as_gone() -> None:
    run = begin()
    run.ctx.physical_id = "s"
    assert await TYPE.observe(run.ctx) is None
    with pytest.raises(Gone):
        await TYPE.delete(run.ctx)


async def test_an_image_that_is_wanted_is_there_before_the_server_goes() -> None:
    run = await created()
    run.ctx.keep_copy = True
    query = "GET /images?name=stack-it-token"
    states = iter([[], [{"status": "saving"}], [{"status": "active"}]])

    def world() -> None:
        run.cloud.replies[query] = {"images": next(states, [{"status": "active"}])}

    world()
    run.world = world
    assert isinstance(await run.delete(), Ready)
    assert [call.what for call in run.cloud.made("act")] == ["createImage"]
    assert run.cloud.objects(SERVER) == {}
