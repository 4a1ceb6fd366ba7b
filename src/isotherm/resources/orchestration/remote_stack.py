"""OS::Heat::Stack: a stack of an orchestration service: this one, or one in another region or cloud."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from isotherm import kit
from isotherm.kit import Properties, attr, changeable, prop, register, reveal, supported

BEFORE, ASKED = "before", "asked"
"""Keys of the private data: how the stack looked before an action was asked for, and when that was."""
REACHED = "reached"
"""Key of the private data: the place was reached before anything was made there."""
SNAPSHOT = "snapshot"
"""Key of the private data: the last snapshot made for one of the stack's."""
_WRONG = 400
SLOW = 15.0
"""Seconds after which an action that does not show is taken to be over: its beginning and end may have come
within the second that the other service tells times by."""


class ContextProperties(Properties):
    region_name: str | None = prop("Region where the stack is made; its own if none is named.")
    credential_secret_id: str | None = changeable(
        "Secret of the key manager that holds credentials for another cloud.", support=supported("12.0.0")
    )
    ca_cert: str | None = changeable(
        "Certificate authorities that the other cloud's certificates are checked against.", support=supported("12.0.0")
    )
    insecure: bool = changeable("Accept any certificate.", default=False, support=supported("12.0.0"))


class RemoteStackProperties(Properties):
    context: ContextProperties | None = changeable("Where the stack is made.")
    template: str = changeable("Template of the stack.")
    timeout: int | None = changeable("Minutes that making it may take.")
    parameters: dict[str, Any] = changeable("Parameters of the stack.", default={})


Here = kit.Context[RemoteStackProperties]


@register("OS::Heat::Stack")
class RemoteStack(kit.ResourceType[RemoteStackProperties]):
    """A stack that may be in another region or cloud.

    Its name is this attempt's alone, and no project has two stacks of one name: a create whose answer was lost
    is found by it. Everything else that is asked of it may be asked again.
    """

    effectless = False
    inquires = True
    mends = True
    create_retries = False
    stack = kit.StackProperties(template="template", elsewhere="context", own=False)
    attributes = (
        attr("stack_name", str, "Name of the stack."),
        attr("outputs", dict, "Outputs of the stack by name.", reads=lambda _, remote: _outputs(remote), volatile=True),
    )

    # -- verbs ---------------------------------------------------------------------

    async def create(self, ctx: Here) -> kit.Outcome:
        if not ctx.data.get(REACHED):
            await _named(ctx)
            ctx.data[REACHED] = True
            return kit.Pending(0)
        body = {**_described(ctx, ctx.props.parameters), "stack_name": ctx.physical_name, "disable_rollback": True}
        made = await _call(ctx, "POST", "/stacks", body)
        return kit.Started(str(made["stack"]["id"]))

    async def update(self, ctx: Here, changes: kit.Changes) -> kit.Outcome:
        await _note_before(ctx)
        try:
            await _call(ctx, "PUT", _path(ctx), _described(ctx, ctx.props.parameters))
        except kit.Gone:
            raise kit.ReplaceInstead from None
        return kit.Pending(0)

    async def check(self, ctx: Here) -> kit.Outcome:
        return await _act(ctx, "check")

    async def suspend(self, ctx: Here) -> kit.Outcome:
        return await _act(ctx, "suspend")

    async def resume(self, ctx: Here) -> kit.Outcome:
        return await _act(ctx, "resume")

    async def snapshot(self, ctx: Here) -> kit.Outcome:
        snapshot = await _snapshot(ctx)
        if snapshot is None:
            await _note_before(ctx)
            snapshot = await _call(ctx, "POST", f"{_path(ctx)}/snapshots", {"name": ctx.copy_name})
        ctx.data[SNAPSHOT] = str(snapshot["id"])
        return kit.Pending(0)

    async def restore(self, ctx: Here) -> kit.Outcome:
        await _note_before(ctx)
        await _call(ctx, "POST", f"{_path(ctx)}/snapshots/{quote(str(ctx.kept[SNAPSHOT]), safe='')}/restore")
        return kit.Pending(0)

    async def discard(self, ctx: Here) -> kit.Outcome:
        snapshot = await _snapshot(ctx)
        if snapshot is None:
            return kit.Ready({})
        await _call(ctx, "DELETE", f"{_path(ctx)}/snapshots/{quote(str(snapshot['id']), safe='')}")
        return kit.Pending()

    async def delete(self, ctx: Here) -> kit.Outcome:
        if not ctx.physical_id:
            return kit.Ready()
        await _note_before(ctx)
        await _call(ctx, "DELETE", _path(ctx))
        return kit.Pending(0)

    async def observe(self, ctx: Here) -> kit.Remote | None:
        return await _seen(ctx)

    async def advance(self, ctx: Here, remote: kit.Remote) -> kit.Outcome:
        outcome = self.judge(remote) if _shows(ctx, remote) else kit.Pending()
        if isinstance(outcome, kit.Ready):
            _forget_before(ctx)
        return outcome

    async def advance_delete(self, ctx: Here, remote: kit.Remote) -> kit.Outcome:
        return self.judge_delete(remote) if _shows(ctx, remote) else kit.Pending()

    async def find(self, ctx: Here) -> kit.Candidates:
        # Where nobody ever came to, nothing was made; it can be forgotten though there is no way to it.
        named = await _named(ctx) if ctx.data.get(REACHED) else ()
        return [kit.Candidate(str(each["id"]), data={REACHED: True}) for each in named]

    async def refusal(self, ctx: Here) -> str:
        if kit.first_unknown([ctx.sealed.get("context"), ctx.sealed.get("template")]):
            return ""
        where = _whereabouts(ctx.props)
        described = _described(ctx, _known(ctx.props.parameters))
        body = {name: described[name] for name in ("template", "environment", "files")}
        try:
            await _call(ctx, "POST", "/validate", body)
        except kit.RemoteError as error:
            if error.passes:
                raise
            if error.status == _WRONG:
                return f"The orchestration service {where} does not take the template: {error}"
            return f"There is no way to the orchestration service {where}: {error}"
        return ""

    # -- pure rules ----------------------------------------------------------------

    def judge(self, remote: kit.Remote) -> kit.Outcome:
        if _status(remote) == "IN_PROGRESS":
            return kit.Pending()
        return kit.Ready(remote) if _status(remote) == "COMPLETE" else _failed(remote)

    def judge_delete(self, remote: kit.Remote) -> kit.Outcome:
        return _failed(remote) if remote["stack_status"] == "DELETE_FAILED" else kit.Pending()

    def restorable(self, kept: kit.Values) -> bool:
        return bool(kept.get(SNAPSHOT))

    def replaces(self, changes: kit.Changes, recorded: RemoteStackProperties, desired: RemoteStackProperties) -> bool:
        return _region(recorded) != _region(desired)

    def attribute_errors(self, remote: kit.Remote) -> Mapping[tuple[str, str], str]:
        return {
            ("outputs", each["output_key"]): f"output {each['output_key']}: {each['output_error']}"
            for each in remote.get("outputs") or ()
            if each.get("output_error")
        }


def _region(properties: RemoteStackProperties) -> str:
    return (properties.context.region_name or "") if properties.context else ""


def _whereabouts(properties: RemoteStackProperties) -> str:
    if region := _region(properties):
        return f"in region {region!r}"
    elsewhere = properties.context is not None and properties.context.credential_secret_id
    return "of the other cloud" if elsewhere else "of this region"


def _api(ctx: Here) -> kit.CloudApi:
    """The cloud where the stack is, or is to be."""
    place = ctx.props.context
    if place is None:
        return ctx.api
    return ctx.api.at(
        kit.Place(place.region_name or "", place.credential_secret_id or "", place.ca_cert or "", place.insecure)
    )


async def _call(ctx: Here, method: str, path: str, body: Any = None) -> Any:
    return await _api(ctx).call("orchestration", method, path, body)


async def _named(ctx: Here) -> list[kit.Remote]:
    listed = await _call(ctx, "GET", f"/stacks?name={quote(ctx.physical_name, safe='')}")
    return [each for each in listed["stacks"] if each["stack_name"] == ctx.physical_name]


async def _snapshot(ctx: Here) -> kit.Remote | None:
    """The one there that belongs to the snapshot of the stack here."""
    try:
        listed = (await _call(ctx, "GET", f"{_path(ctx)}/snapshots"))["snapshots"]
    except kit.Gone:
        return None
    return next((each for each in listed if each.get("name") == ctx.copy_name), None)


def _path(ctx: Here) -> str:
    return f"/stacks/{quote(ctx.physical_name, safe='')}/{quote(ctx.physical_id, safe='')}"


def _known(parameters: kit.Values | kit.Unknown) -> kit.Values:
    """Those that do not wait for another resource."""
    if isinstance(parameters, kit.Unknown):
        return {}
    return {name: each for name, each in parameters.items() if kit.first_unknown(each) is None}


def _described(ctx: Here, parameters: kit.Values) -> dict[str, Any]:
    """What the stack is to be, as a request says it."""
    given = ctx.stacks.hand_down(ctx.resource, kit.Blueprint(ctx.props.template, parameters))
    environment: Any = reveal(given.environment)
    parts = ("parameters", "parameter_defaults", "resource_registry")
    timeout = {} if ctx.props.timeout is None else {"timeout_mins": ctx.props.timeout}
    return {
        "template": ctx.props.template,
        "environment": {name: environment[name] for name in parts if environment.get(name)},
        "files": dict(given.files),
        **timeout,
    }


async def _act(ctx: Here, action: str) -> kit.Outcome:
    await _note_before(ctx)
    await _call(ctx, "POST", f"{_path(ctx)}/actions", {action: None})
    return kit.Pending(0)


async def _seen(ctx: Here) -> kit.Remote | None:
    try:
        remote: kit.Remote = (await _call(ctx, "GET", _path(ctx)))["stack"]
    except kit.Gone:
        return None
    # A deleted stack is still shown to who knows its id.
    return None if remote["stack_status"] == "DELETE_COMPLETE" else remote


async def _note_before(ctx: Here) -> None:
    """Other services say yes before the stack shows that anything has begun."""
    remote = await _seen(ctx)
    ctx.data[BEFORE] = None if remote is None else _look_of(remote)
    ctx.data[ASKED] = ctx.now.timestamp()


def _forget_before(ctx: Here) -> None:
    for key in (BEFORE, ASKED):
        ctx.data.pop(key, None)


def _shows(ctx: Here, remote: kit.Remote) -> bool:
    """Whether what was asked for last can be seen: the stack looks otherwise than before."""
    asked: Any = ctx.data.get(ASKED)
    if asked is None or ctx.now.timestamp() - asked >= SLOW:
        return True
    return _look_of(remote) != ctx.data.get(BEFORE)


def _look_of(remote: kit.Remote) -> str:
    return f"{remote['stack_status']} {remote.get('updated_time')}"


def _status(remote: kit.Remote) -> str:
    return str(remote["stack_status"]).partition("_")[2]


def _failed(remote: kit.Remote) -> kit.Failed:
    return kit.Failed(
        f'Went to status {remote["stack_status"]} due to "{remote.get("stack_status_reason") or "Unknown"}"'
    )


def _outputs(remote: kit.Remote) -> kit.Value:
    return {each["output_key"]: each.get("output_value") for each in remote.get("outputs") or ()}
