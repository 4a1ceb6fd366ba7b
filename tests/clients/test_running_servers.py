"""Servers of the local cloud that really run: what users see of them."""

from __future__ import annotations

import json
import time
import urllib.error
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.clients.playing_servers import (
    address_of,
    boot,
    commands,
    console,
    delete,
    playing_service,
    wait_for,
)
from tests.clients.service import Service
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("playing")]

METADATA = """\
#!/bin/sh
for path in openstack/latest/meta_data.json latest/meta-data/local-ipv4 2009-04-04/user-data; do
    curl -s http://169.254.169.254/$path | head -c 200; echo
done
echo booted
"""


@pytest.fixture(scope="module")
def first(playing: Service) -> Iterator[str]:
    """A server that shows its metadata and then answers HTTP at port 80."""
    serve = "cd /srv && echo welcome > page && exec python3 -m http.server 80 >/dev/null 2>&1 &"
    made = boot(playing, "first", f"{METADATA}{serve}\n")
    yield made
    delete(playing, made)


def act(service: Service, server_id: str, action: str, argument: object = None) -> None:
    service.send("POST", f"/compute/v2.1/servers/{server_id}/action", {action: argument})


def test_user_data_find_their_metadata(playing: Service, first: str) -> None:
    written = wait_for(playing, first, "booted")
    assert f'"uuid": "{first}"' in written
    assert f"\n{address_of(playing, first)}\n" in written
    assert "\n#!/bin/sh\n" in written
    assert "first login:" not in written


def test_servers_of_a_network_see_each_other_and_nothing_else(playing: Service, first: str) -> None:
    wait_for(playing, first, "is up")
    lines = (
        "#!/bin/sh",
        f"curl -s --retry 5 --retry-connrefused http://{address_of(playing, first)}/page",
        f"curl -s {playing.url}/healthcheck; echo; echo and",
        "curl -s -m 2 http://127.0.0.1:22 || echo nothing 1",
        "curl -s -m 2 http://10.0.0.1 || echo nothing 2",
        "curl -s -m 2 http://192.0.2.1 || echo nothing 3",
    )
    second = boot(playing, "second", "\n".join(lines))
    written = wait_for(playing, second, "is up")
    assert "welcome" in written
    assert "and\nnothing 1\nnothing 2\nnothing 3" in written
    delete(playing, second)


def grows_no_more(playing: Service, server: str) -> None:
    """What was written before the end may come a moment later; what runs writes for ever."""
    for _ in range(10):
        before = console(playing, server)
        time.sleep(1)
        if console(playing, server) == before:
            return
    raise AssertionError("a server that is stopped goes on writing")


def test_a_server_can_be_stopped_and_started_and_keeps_its_disk(playing: Service) -> None:
    script = "#!/bin/sh\necho kept > /root/file\n(while sleep 0.2; do cat /root/file; done) &\n"
    server = boot(playing, "kept", script)
    wait_for(playing, server, "kept\n")
    for action, argument in (("os-stop", None), ("os-start", None), ("reboot", {"type": "HARD"})):
        act(playing, server, action, argument)
        if action == "os-stop":
            grows_no_more(playing, server)
            continue
        # The script of user data runs at the first boot only.
        wait_for(playing, server, "is up", after="kept\n")
        time.sleep(1)
        assert "kept\n" not in console(playing, server)
    image = playing.get(f"/compute/v2.1/servers/{server}")["server"]["image"]["id"]
    act(playing, server, "rebuild", {"imageRef": image})
    wait_for(playing, server, "kept\n")
    delete(playing, server)
    with pytest.raises(urllib.error.HTTPError, match="404"):
        console(playing, server)


def test_a_config_drive_says_the_same_in_both_formats(playing: Service) -> None:
    lines = (
        "#!/bin/sh",
        "cd /var/lib/cloud/seed/config_drive",
        "cat openstack/latest/meta_data.json; echo",
        "cat ec2/latest/meta-data.json; echo",
        "cmp openstack/latest/user_data ec2/latest/user-data && echo same",
    )
    server = boot(playing, "driven", "\n".join(lines), config_drive=True, metadata={"role": "web"})
    written = wait_for(playing, server, "is up")
    one, other = (json.loads(line) for line in written.splitlines() if line.startswith("{"))
    assert (one["uuid"], one["meta"]) == (server, {"role": "web"})
    assert (one["name"], other["hostname"]) == ("driven", one["hostname"])
    assert other["local-ipv4"] == address_of(playing, server)
    assert other["security-groups"] == ["default"]
    assert "same\n" in written
    delete(playing, server)


def test_after_a_kill_nothing_is_left_and_servers_run_again(tmp_path: Path) -> None:
    for service in playing_service(tmp_path):
        server = boot(service, "survivor", "#!/bin/sh\necho once\n")
        wait_for(service, server, "is up")
        own = f"/disks/{server}/"
        assert any(own in line for line in commands())
        service.kill()
        end = time.monotonic() + PATIENCE
        while any(own in line for line in commands()):
            assert time.monotonic() < end
            time.sleep(0.05)
        service.start()
        end = time.monotonic() + PATIENCE
        while "is up" not in (written := console(service, server)):
            assert time.monotonic() < end, written
            time.sleep(0.2)
        assert "once" not in written
