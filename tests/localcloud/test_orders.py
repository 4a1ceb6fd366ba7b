"""Orders to the keeper of servers that run."""

from __future__ import annotations

import asyncio
import json
import socket

from isotherm.localcloud.hypervisor.orders import Orders

MANY = 40


async def test_orders_to_a_busy_keeper_wait_and_none_is_lost() -> None:
    """As when many servers with config drives are made at once."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        ours.setblocking(False)
        theirs.setblocking(False)
        orders = Orders(ours)
        for number in range(MANY):
            orders.send({"number": number, "drive": "x" * 50_000})
        loop = asyncio.get_running_loop()
        heard = [json.loads(await loop.sock_recv(theirs, 1 << 20)) for _ in range(MANY)]
        assert [each["number"] for each in heard] == [*range(MANY)]
        orders.send({"number": MANY})
        assert json.loads(await loop.sock_recv(theirs, 1 << 20)) == {"number": MANY}
        orders.close()
