"""The examples whose programs run on servers, with the real agents."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request

import pytest
from tests.clients.playing_servers import completed, remove_stack, run_stack, wait_for
from tests.clients.service import Service

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("playing")]


def visit(page: str) -> str:
    """What the page says, once it answers."""
    end = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(page, timeout=10) as reply:
                text: str = reply.read().decode()
                return text
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.2)


def test_an_application_of_two_tiers_is_upgraded_and_keeps_its_data(playing: Service) -> None:
    page = run_stack(playing, "18-two-tiers", "tiers")["page"]
    assert page.startswith("http://127.24.4.")
    assert "The first release: visit number 1\n" in visit(page)
    assert "visit number 2\n" in visit(page)
    run_stack(playing, "18-two-tiers", "tiers", title="The second release")
    assert "The second release: visit number 3\n" in visit(page)
    remove_stack(playing, "tiers")
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(page, timeout=5)


def test_cfn_init_sets_a_server_up_and_cfn_hup_does_it_again(playing: Service) -> None:
    told = json.loads(run_stack(playing, "17-cfn-init", "shop")["Stock"])
    assert list(told.values()) == ["welcomechecked"]
    (server,) = playing.get("/compute/v2.1/servers")["servers"]
    wait_for(playing, server["id"], "in stock: welcomechecked")
    run_stack(playing, "17-cfn-init", "shop", Word="goodbye")
    written = wait_for(playing, server["id"], "in stock: goodbyechecked")
    assert written.count("user data") == 0
    remove_stack(playing, "shop")


def test_a_program_for_each_thing_that_happens(playing: Service) -> None:
    diary = "CREATE 3\n"
    assert run_stack(playing, "16-software-through-its-life", "life")["diary"] == diary
    diary += "UPDATE 5\n"
    assert run_stack(playing, "16-software-through-its-life", "life", size=5)["diary"] == diary
    base = f"/orchestration/v1/{playing.project}/stacks/life"
    stack = playing.get(base)["stack"]["id"]
    for action in ("suspend", "resume"):
        playing.send("POST", f"{base}/{stack}/actions", {action: None})
        diary += f"{action.upper()}\n"
        assert completed(playing, "life")["diary"] == diary
    remove_stack(playing, "life")


@pytest.mark.servers
def test_scripts_on_two_servers_in_order(playing: Service) -> None:
    told = run_stack(playing, "14-software-on-servers", "software")
    assert told["sentence"].startswith("Hello, world!, software-first-")
    assert told["printed"] == "said it\n"
    remove_stack(playing, "software")


@pytest.mark.servers
def test_a_rolling_group_of_four(playing: Service) -> None:
    run_stack(playing, "15-rolling-software", "rolling")
    told = run_stack(playing, "15-rolling-software", "rolling", release="2")["installed"]
    assert sorted(told) == ["a", "b", "c", "d"]
    assert all(each.endswith("has release 2") for each in told.values())
    remove_stack(playing, "rolling")


@pytest.mark.servers
def test_a_playbook_of_ansible(playing: Service) -> None:
    assert run_stack(playing, "19-ansible", "playbook")["written"] == "Hello from Ansible"
    remove_stack(playing, "playbook")
