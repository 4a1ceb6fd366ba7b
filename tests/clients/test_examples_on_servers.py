"""The examples whose programs run on servers, with the real agents. The one of two tiers is the
tutorial: tests/docs."""

from __future__ import annotations

import json

import pytest
from tests.clients.playing_servers import completed, remove_stack, run_stack, wait_for
from tests.clients.service import Service

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("playing")]


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
