"""Users of a stack, where the stack is only looked at."""

from __future__ import annotations

import pytest

from isotherm.core.errors import Refused
from isotherm.kit.signed_addresses import KeyPair, Purpose
from isotherm.kit.stack_users import NoStackUsers

PAIR = KeyPair("access", "secret")


async def test_who_only_looks_finds_no_user_and_thinks_none_gone() -> None:
    users = NoStackUsers()
    assert await users.find("name") is None
    assert await users.exists("id")
    assert await users.surroundings() == {}


async def test_who_only_looks_makes_removes_and_is_no_user() -> None:
    users = NoStackUsers()
    for asked in (
        users.make("name", "password"),
        users.token("id", "password"),
        users.connect("id", "password"),
        users.remove("id"),
        users.signal_address("resource"),
        users.enable("id", True),
        users.give_key("id", PAIR),
        users.take_key("access"),
        users.metadata_server(),
        users.signed_address("resource", PAIR, Purpose.SIGNAL),
    ):
        with pytest.raises(Refused, match="no users of the stack here"):
            await asked
