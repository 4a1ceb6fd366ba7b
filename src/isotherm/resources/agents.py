"""What the agent on a server is told, so that it finds the metadata of its resource."""

import secrets
from collections.abc import Mapping
from typing import Any

from isotherm import kit
from isotherm.kit import prop
from isotherm.kit.context import Context

CFN, HEAT = "POLL_SERVER_CFN", "POLL_SERVER_HEAT"
TRANSPORTS = (CFN, HEAT, "POLL_TEMP_URL", "ZAQAR_MESSAGE")
NOT_YET = ("POLL_TEMP_URL", "ZAQAR_MESSAGE")
SETTINGS = "os-collect-config"
"""The section of the metadata that the agent configures itself by; also a key of the private
data, with what holds for this server."""
_USER, _PASSWORD, _PROJECT = "agent_user", "agent_password", "agent_project"


def transport_property() -> Any:
    return prop(
        "How the server asks for its metadata.",
        sends=None,
        default=CFN,
        allowed=TRANSPORTS,
        update_allowed=True,
    )


def transport_problems(properties: kit.Values) -> kit.Problems:
    transport = properties.get("software_config_transport")
    if transport in NOT_YET:
        yield "software_config_transport", f"{transport} is not supported yet: give {CFN} or {HEAT}"


async def equip(ctx: Context[Any], *first: str) -> None:
    """Make the user that the agent is, and note its settings in ``ctx.data``; may be repeated.
    ``first`` are collectors of the agent that come before the one for its transport."""
    await _make_user(ctx)
    if ctx.props.software_config_transport == HEAT:
        collector, way = "heat", await _heat(ctx)
    else:
        collector, way = "cfn", await _cfn(ctx)
    ctx.data[SETTINGS] = {"collectors": [*first, collector, "local"], collector: way}


async def dismiss(ctx: Context[Any]) -> None:
    """Remove the agent's user, if there is one."""
    user_id = ctx.data.get(_USER) or await ctx.users.find(_name(ctx))
    if user_id:
        await ctx.users.remove(user_id)


def own_metadata(data: Mapping[str, kit.Value]) -> Mapping[str, kit.Value]:
    return {SETTINGS: data[SETTINGS]} if SETTINGS in data else {}


def settings_of(ctx: Context[Any], _: kit.Remote) -> kit.Value:
    """The attribute ``os_collect_config``."""
    return ctx.data.get(SETTINGS, {})


def _name(ctx: Context[Any]) -> str:
    return f"{ctx.physical_name}-agent"


async def _make_user(ctx: Context[Any]) -> None:
    if _USER not in ctx.data:
        password = secrets.token_hex(16)
        user_id, project_id = await ctx.users.make(_name(ctx), password)
        ctx.data |= {_USER: user_id, _PROJECT: project_id, _PASSWORD: kit.Secret(password)}


async def _heat(ctx: Context[Any]) -> dict[str, kit.Value]:
    around = await ctx.users.surroundings()
    return {
        "user_id": ctx.data[_USER],
        "password": ctx.data[_PASSWORD],
        "auth_url": around.get("auth_url"),
        "project_id": ctx.data[_PROJECT],
        "stack_id": f"{ctx.stack.name}/{ctx.stack.id}",
        "resource_name": ctx.resource,
        "region_name": around.get("region_name"),
    }


async def _cfn(ctx: Context[Any]) -> dict[str, kit.Value]:
    pair = kit.KeyPair.of(ctx.data) or kit.KeyPair.invent()
    ctx.data |= pair.data
    await ctx.users.give_key(ctx.data[_USER], pair)
    return {
        "metadata_url": f"{(await ctx.users.cloudformation()).rstrip('/')}/",
        "access_key_id": pair.access,
        "secret_access_key": kit.Secret(pair.secret),
        "stack_name": ctx.stack.name,
        "path": f"{ctx.resource}.Metadata",
    }
