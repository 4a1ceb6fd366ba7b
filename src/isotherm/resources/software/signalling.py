"""How a server reports back about a deployment: what it has to be told for that."""

import secrets
from contextlib import suppress
from typing import Any

from isotherm import kit
from isotherm.kit import prop
from isotherm.kit.context import Context
from isotherm.resources import mailboxes
from isotherm.resources.mailboxes import MESSAGE, OBJECT
from isotherm.resources.object_storing import open_address

NO_SIGNAL, HEAT_SIGNAL, CFN_SIGNAL = "NO_SIGNAL", "HEAT_SIGNAL", "CFN_SIGNAL"
TRANSPORTS = (CFN_SIGNAL, OBJECT, HEAT_SIGNAL, NO_SIGNAL, MESSAGE)
_OF_USERS = (CFN_SIGNAL, HEAT_SIGNAL, MESSAGE)
_USER, _PASSWORD, _PROJECT = "user", "password", "project"
_QUEUES, _MOST_QUEUES = "queues", 20
"""Queues that reports were to be left in, the newest last; agents do not go back further."""


def transport_property(doc: str) -> Any:
    return prop(doc, default=CFN_SIGNAL, allowed=TRANSPORTS, option="default_deployment_signal_transport")


Told = list[tuple[str, str, Any]]
"""Name, description and value of each input."""


async def signal_inputs(ctx: Context[Any], version: str) -> Told:
    """What the server is told; makes the user that it reports as, where there must be one, and
    where it leaves the report: for each ``version`` of what it is told in another place, so that
    a late report on a former one is not taken for one on this."""
    match ctx.props.signal_transport:
        case "CFN_SIGNAL":
            await _make_user(ctx)
            pair = kit.KeyPair.of(ctx.data) or kit.KeyPair.invent()
            ctx.data |= pair.data
            await ctx.users.give_key(ctx.data[_USER], pair)
            address = await ctx.users.signed_address(ctx.resource, pair, kit.Purpose.SIGNAL, at=ctx.now, about=version)
            return [
                ("deploy_signal_id", "Where to report the outputs", address),
                ("deploy_signal_verb", "HTTP verb of the report", kit.Purpose.SIGNAL.verb),
            ]
        case "TEMP_URL_SIGNAL":
            await mailboxes.open_slot(ctx.api, ctx.physical_name, version)
            address = (await open_address(ctx.api, ctx.physical_name, version)).reveal()
            return [
                ("deploy_signal_id", "Where to report the outputs", address),
                ("deploy_signal_verb", "HTTP verb of the report", "PUT"),
            ]
        case "HEAT_SIGNAL":
            return await _log_in(ctx)
        case "ZAQAR_SIGNAL":
            told = await _log_in(ctx)
            # Recorded by the time that the server hears of it: whoever posts there late makes it anew.
            others = [each for each in ctx.data.get(_QUEUES, ()) if each != version]
            ctx.data[_QUEUES] = [*others, version][-_MOST_QUEUES:]
            await mailboxes.open_queue(await _as_user(ctx), version)
            return [*told, ("deploy_queue_id", "Queue to report the outputs to", version)]
    return []


async def make_user_first(ctx: Context[Any]) -> bool:
    """Whether the user was made just now that is needed to fetch reports: it has to be recorded
    before the server is told of it."""
    if ctx.props.signal_transport != MESSAGE or _USER in ctx.data:
        return False
    await _make_user(ctx)
    return True


async def _log_in(ctx: Context[Any]) -> Told:
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


async def fetch_report(ctx: Context[Any], version: str) -> mailboxes.Letter | None:
    """What the server has left, where it leaves reports. Raises Unreadable."""
    if ctx.props.signal_transport == OBJECT:
        return await mailboxes.in_slot(ctx.api, ctx.physical_name, version)
    if ctx.props.signal_transport == MESSAGE:
        return next(iter(await mailboxes.in_queue(await _as_user(ctx), version)), None)
    return None


async def close(ctx: Context[Any], version: str) -> None:
    """Remove the place where reports on that version are left; may be repeated."""
    if ctx.props.signal_transport == OBJECT:
        await mailboxes.close_slot(ctx.api, ctx.physical_name, version)
    elif ctx.props.signal_transport == MESSAGE and _USER in ctx.data:
        # As long as there is the user, whose queue it is; without it nobody gets there.
        with suppress(kit.Denied):
            await mailboxes.close_queue(await _as_user(ctx), version)


async def close_all(ctx: Context[Any]) -> None:
    """Remove all places where reports were ever left, with what came there late; may be repeated."""
    if ctx.props.signal_transport == OBJECT:
        await mailboxes.drop_slots(ctx.api, ctx.physical_name)
    for queue in ctx.data.get(_QUEUES, ()):
        await close(ctx, queue)


async def _as_user(ctx: Context[Any]) -> kit.CloudApi:
    return await ctx.users.connect(ctx.data[_USER], ctx.data[_PASSWORD].reveal())


async def _make_user(ctx: Context[Any]) -> None:
    if _USER not in ctx.data:
        password = secrets.token_hex(16)
        user_id, project_id = await ctx.users.make(ctx.physical_name, password)
        ctx.data |= {_USER: user_id, _PROJECT: project_id, _PASSWORD: kit.Secret(password)}


async def forget_user(ctx: Context[Any]) -> None:
    if ctx.props.signal_transport in _OF_USERS:
        user_id = ctx.data.get(_USER) or await ctx.users.find(ctx.physical_name)
        if user_id:
            await ctx.users.remove(user_id)
