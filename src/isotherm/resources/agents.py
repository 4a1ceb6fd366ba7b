"""What the agent on a server is told, so that it finds the metadata of its resource.

It asks for them, or they are sent to where it looks: an object, or a queue. A server may have had
several such places, one after the other; all are told, so that an agent hears of a new one where
it looked until now.
"""

import json
import secrets
from contextlib import suppress
from typing import Any

from isotherm import kit
from isotherm.core.values import reveal
from isotherm.kit import Properties, changeable, prop
from isotherm.kit.context import Context
from isotherm.resources import mailboxes
from isotherm.resources.object_storing import SERVICE, change, open_address, path_of

CFN, HEAT, OBJECT, QUEUE = "POLL_SERVER_CFN", "POLL_SERVER_HEAT", "POLL_TEMP_URL", "ZAQAR_MESSAGE"
TRANSPORTS = (CFN, HEAT, OBJECT, QUEUE)
TRANSPORT = frozenset({"software_config_transport", "deployment_swift_data"})
"""The properties that say how the agent gets its metadata."""
SETTINGS = "os-collect-config"
"""The section of the metadata that the agent configures itself by; also a key of the private
data, with what holds for this server."""
_USER, _PASSWORD, _PROJECT = "agent_user", "agent_password", "agent_project"
TOLD = "told"
"""That the store knows to send the server these metadata; a key of the private data."""
_OBJECTS, _QUEUES = "told_objects", "told_queues"
"""Places to which metadata are sent: pairs of container and object; names of queues."""


class SwiftData(Properties):
    container: str | None = prop("Container of the metadata.", min_length=1)
    object: str | None = prop("Object of the metadata.", min_length=1)


def transport_property() -> Any:
    return changeable(
        "How the server asks for its metadata.",
        sends=None,
        default=CFN,
        allowed=TRANSPORTS,
        option="default_software_config_transport",
    )


async def equip(ctx: Context[Any], *first: str) -> None:
    """Make the user that the agent is, or the place where it looks, and note its settings in
    ``ctx.data``; may be repeated. ``first`` are collectors of the agent that come before the one
    for its transport."""
    collector, make = _WAYS[ctx.props.software_config_transport]
    way = await make(ctx)
    former = ctx.data.get(SETTINGS, {})
    # What an agent was told when it booted stays in force unless it is told otherwise.
    unset = {
        name: dict.fromkeys(former[name])
        for name in ("cfn", "heat", "request", "zaqar")
        if name in former and name != collector
    }
    ctx.data[SETTINGS] = {"collectors": [*first, collector, "local"], **unset, collector: way}


async def dismiss(ctx: Context[Any]) -> None:
    """Remove the agent's user and the places where it looks, as far as there are any."""
    if ctx.physical_id:
        await ctx.software.forget_server(ctx.physical_id)
    for container, name in [*ctx.data.get(_OBJECTS, ()), *_intended_object(ctx)]:
        await mailboxes.close_slot(ctx.api, container, name)
    for queue in ctx.data.get(_QUEUES, ()):
        with suppress(kit.Denied):  # without its user nobody gets there
            await mailboxes.close_queue(await _as_user(ctx), queue)
    user_id = ctx.data.get(_USER) or await ctx.users.find(_name(ctx))
    if user_id:
        await ctx.users.remove(user_id)


async def have_told(ctx: Context[Any]) -> None:
    """Once it is recorded where the metadata are to be sent, have that done."""
    if (ctx.data.get(_OBJECTS) or ctx.data.get(_QUEUES)) and TOLD not in ctx.data:
        await ctx.software.tell_server(ctx.physical_id, ctx.resource)
        ctx.data[TOLD] = True


async def tell(ctx: Context[Any], metadata: kit.Values) -> None:
    """Send the metadata to all places. Of a queue the agent takes one message at a time: what it
    has not taken yet is out of date, and goes once the new one is there."""
    content = json.dumps(reveal(metadata)).encode()
    for container, name in ctx.data.get(_OBJECTS, ()):
        await ctx.api.call(SERVICE, "PUT", path_of(container, name), content)
    for queue in ctx.data.get(_QUEUES, ()):
        api = await _as_user(ctx)
        old = await mailboxes.ids_in_queue(api, queue)
        await mailboxes.post(api, queue, reveal(metadata))
        await mailboxes.drop_from_queue(api, queue, old)


def own_metadata(data: kit.Values) -> kit.Values:
    return {SETTINGS: data[SETTINGS]} if SETTINGS in data else {}


def settings_of(ctx: Context[Any], _: kit.Remote) -> kit.Value:
    """The attribute ``os_collect_config``."""
    return ctx.data.get(SETTINGS, {})


def _name(ctx: Context[Any]) -> str:
    return f"{ctx.physical_name}-agent"


def _intended_object(ctx: Context[Any]) -> list[tuple[str, str]]:
    if ctx.props.software_config_transport != OBJECT:
        return []
    chosen = ctx.props.deployment_swift_data
    return [(chosen.container or ctx.physical_name, chosen.object or ctx.intent.uuid)]


async def _request(ctx: Context[Any]) -> dict[str, kit.Value]:
    ((container, name),) = _intended_object(ctx)
    await change(ctx.api, "PUT", path_of(container))
    address = await open_address(ctx.api, container, name, "GET")
    _add_place(ctx, _OBJECTS, [container, name])
    return {"metadata_url": address}


async def _zaqar(ctx: Context[Any]) -> dict[str, kit.Value]:
    await _make_user(ctx)
    around = await ctx.users.surroundings()
    queue = mailboxes.queue_name(ctx.physical_name, ctx.intent.uuid)
    await mailboxes.open_queue(await _as_user(ctx), queue)
    _add_place(ctx, _QUEUES, queue)
    return {
        "user_id": ctx.data[_USER],
        "password": ctx.data[_PASSWORD],
        "auth_url": around.get("auth_url"),
        "project_id": ctx.data[_PROJECT],
        "queue_id": queue,
        "region_name": around.get("region_name"),
    }


def _add_place(ctx: Context[Any], kind: str, place: Any) -> None:
    others = [each for each in ctx.data.get(kind, ()) if each != place]
    ctx.data[kind] = [*others, place]


async def _as_user(ctx: Context[Any]) -> kit.CloudApi:
    return await ctx.users.connect(ctx.data[_USER], reveal(ctx.data[_PASSWORD]))


async def _make_user(ctx: Context[Any]) -> None:
    if _USER not in ctx.data:
        password = secrets.token_hex(16)
        user_id, project_id = await ctx.users.make(_name(ctx), password)
        ctx.data |= {_USER: user_id, _PROJECT: project_id, _PASSWORD: kit.Secret(password)}


async def _heat(ctx: Context[Any]) -> dict[str, kit.Value]:
    await _make_user(ctx)
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
    await _make_user(ctx)
    pair = kit.KeyPair.of(ctx.data) or kit.KeyPair.invent()
    ctx.data |= pair.data
    await ctx.users.give_key(ctx.data[_USER], pair)
    return {
        "metadata_url": f"{(await ctx.users.metadata_server()).rstrip('/')}/",
        "access_key_id": pair.access,
        "secret_access_key": kit.Secret(pair.secret),
        "stack_name": ctx.stack.name,
        "path": f"{ctx.resource}.Metadata",
    }


_WAYS = {CFN: ("cfn", _cfn), HEAT: ("heat", _heat), OBJECT: ("request", _request), QUEUE: ("zaqar", _zaqar)}
"""The agent's collector, and what makes its settings, by transport."""
