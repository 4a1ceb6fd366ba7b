"""The contract of ``isotherm serve``: ready line, clouds.yaml, signals, restarts, crashes."""

from __future__ import annotations

import json
import socket
import stat
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from tests.clients.service import PROGRAM, Service
from tests.waiting import PATIENCE

pytestmark = pytest.mark.slow

EXAMPLE = Path(__file__).parents[2] / "examples" / "01-server-with-volume" / "template.yaml"

SLOW = """\
[localcloud]
timings = compute.server.create:3.0,block-storage.volume.create:1.0
"""


def test_sigterm_ends_it_in_good_order_and_everything_is_there_after_a_restart(
    own_service: Service,
) -> None:
    own_service.start()
    assert stat.S_IMODE((own_service.state / "clouds.yaml").stat().st_mode) == 0o600
    own_service.create_stack(str(EXAMPLE), "kept")
    servers = own_service.read("server", "list")
    assert len(servers) == 1
    assert own_service.stop() == 0
    own_service.start()
    assert own_service.read("server", "list") == servers
    own_service.delete_stack("kept")
    assert own_service.read("server", "list") == []
    assert own_service.read("volume", "list") == []


def test_a_second_process_on_the_same_folder_is_refused(own_service: Service) -> None:
    own_service.start()
    second = subprocess.run(
        [*PROGRAM, "serve", "--state", str(own_service.state), "--listen", "127.0.0.1:0"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert second.returncode == 1
    assert f"another process is serving from {own_service.state}" in second.stderr


def test_killed_in_the_middle_of_a_create_the_stack_completes_with_one_server(
    own_service: Service,
) -> None:
    own_service.config = SLOW
    own_service.start()
    own_service.openstack("stack", "create", "-t", str(EXAMPLE), "survivor")
    own_service.kill()
    own_service.start()
    assert own_service.settle("survivor") == "CREATE_COMPLETE"
    assert len(own_service.read("server", "list")) == 1
    assert len(own_service.read("volume", "list")) == 1
    resources = own_service.read("stack", "resource", "list", "survivor")
    assert {each["resource_status"] for each in resources} == {"CREATE_COMPLETE"}


def test_a_port_that_is_taken_is_said_clearly(own_service: Service, tmp_path: Path) -> None:
    own_service.start()
    address = own_service.url.removeprefix("http://")
    other = subprocess.run(
        [*PROGRAM, "serve", "--state", str(tmp_path / "other"), "--listen", address],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert other.returncode == 1
    assert f"cannot listen at {address}: another process does so" in other.stderr
    assert other.stderr.count("\n") == 1


def test_timings_of_operations_that_do_not_exist_are_refused(own_service: Service) -> None:
    own_service.config = "[localcloud]\ntimings = compute.server.crate:1.0,compute.*:0.1\n"
    with pytest.raises(
        AssertionError,
        match=r"called compute\.server\.crate \(did you mean 'compute\.server\.create'",
    ):
        own_service.start()
    assert own_service.process is None


def test_it_says_where_its_state_is_and_what_to_export(own_service: Service) -> None:
    own_service.start()
    assert own_service.process is not None
    assert own_service.process.stdout is not None
    told = [own_service.process.stdout.readline().strip() for _ in range(3)]
    assert told == [
        f"state: {own_service.state}",
        f"export OS_CLIENT_CONFIG_FILE={own_service.state / 'clouds.yaml'}",
        "export OS_CLOUD=isotherm",
    ]


def test_a_folder_whose_key_is_gone_is_refused(own_service: Service) -> None:
    own_service.start()
    own_service.openstack("stack", "create", "-t", str(EXAMPLE), "kept")
    own_service.stop()
    key = own_service.state / "sealing.key"
    kept = key.read_bytes()
    key.unlink()
    with pytest.raises(AssertionError, match=r"Error: .*sealing\.key is missing") as refused:
        own_service.start()
    assert "Traceback" not in str(refused.value)
    assert not key.exists()
    key.write_bytes(kept)
    own_service.start()
    assert own_service.settle("kept") == "CREATE_COMPLETE"


def test_what_an_operator_finds_in_the_log(own_service: Service) -> None:
    own_service.start()
    own_service.create_stack(str(EXAMPLE), "logged")
    lines = own_service.log.splitlines()
    assert any("POST /orchestration/v1/" in line and " 201 " in line for line in lines)
    assert any("stack logged: CREATE begins" in line for line in lines)
    assert any("stack logged: CREATE_COMPLETE after" in line for line in lines)
    # One line a request and two an action: the cloud's requests are not ours.
    assert len(lines) < 60


def test_doors_for_clients_of_aws_may_have_addresses_of_their_own(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    service = Service(tmp_path / "state", more=("--listen-cfn", f"127.0.0.1:{port}"))
    service.start()
    try:
        versions = {}
        for base in (f"http://127.0.0.1:{port}", f"{service.url}/cfn"):
            with pytest.raises(urllib.error.HTTPError) as found:
                urllib.request.urlopen(f"{base}/", timeout=30)
            versions[base] = json.load(found.value)["versions"][0]["links"][0]["href"]
        assert versions == {base: f"{base}/v1/" for base in versions}
        assert service.stop() == 0
    finally:
        if service.process is not None and service.process.poll() is None:
            service.kill()
