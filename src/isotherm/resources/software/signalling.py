"""How a server reports back about a deployment: what it has to be told for that."""

import secrets
from typing import Any

from isotherm import kit
from isotherm.kit.context import Context

NO_SIGNAL, HEAT_SIGNAL, CFN_SIGNAL = "NO_SIGNAL", "HEAT_SIGNAL", "CFN_SIGNAL"
TRANSPORTS = (CFN_SIGNAL, "TEMP_URL_SIGNAL", HEAT_SIGNAL, NO_SIGNAL, "ZAQAR_SIGNAL")
NOT_YET = ("TEMP_URL_SIGNAL", "ZAQAR_SIGNAL")
_USER, _PASSWORD, _PROJECT = "user", "password", "project"

Told = list[tuple[str, str, Any]]
"""Name, description and value of each input."""


async def signal_inputs(ctx: Context[Any]) -> Told:
    """What the server is told; makes the user that it reports as, where there must be one."""
    match ctx.props.signal_transport:
        case "CFN_SIGNAL":
            await _make_user(ctx)
            pair = kit.KeyPair.of(ctx.data) or kit.KeyPair.invent()
            ctx.data |= pair.data
            await ctx.users.give_key(ctx.data[_USER], pair)
            address = await ctx.users.signed_address(ctx.resource, pair, kit.Purpose.SIGNAL, at=ctx.now)
            return [
                ("deploy_signal_id", "Where to report the outputs", address),
                ("deploy_signal_verb", "HTTP verb of the report", kit.Purpose.SIGNAL.verb),
            ]
        case "HEAT_SIGNAL":
            await _make_user(ctx)
            around = await ctx.users.surroundings()
            return [
                ("deploy_auth_url", "Where to log in", around.get("auth_url")),
                ("deploy_username", "Name of the user that reports", ctx.physical_name),
                ("deploy_user_id", "Id of the user that reports", ctx.data[_USER]),
                ("deploy_password", "Password of the user that reports", ctx.data[_PASSWORD].reveal()),
                ("deploy_project_id", "Project of the user that reports", ctx.data[_PROJECT]),
                ("deploy_region_name", "Region of the service", around.get("region_name")),
            ]
    return []


async def _make_user(ctx: Context[Any]) -> None:
    if _USER not in ctx.data:
        password = secrets.token_hex(16)
        user_id, project_id = await ctx.users.make(ctx.physical_name, password)
        ctx.data |= {_USER: user_id, _PROJECT: project_id, _PASSWORD: kit.Secret(password)}


async def forget_user(ctx: Context[Any]) -> None:
    if ctx.props.signal_transport in (CFN_SIGNAL, HEAT_SIGNAL):
        user_id = ctx.data.get(_USER) or await ctx.users.find(ctx.physical_name)
        if user_id:
            await ctx.users.remove(user_id)
