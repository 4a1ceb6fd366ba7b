"""What all alarms have in common: whom they tell, and when they look."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

from isotherm import kit
from isotherm.kit import P, Properties, changeable, prop
from isotherm.kit.services.alarm import ALARM

COMPARISONS = ("le", "ge", "eq", "lt", "gt", "ne")
COMPARISON = changeable("How values are compared with the limit.", allowed=COMPARISONS)
GRANULARITY = changeable("Seconds of a period.")
LIMIT = changeable("Limit.")
METHOD = changeable("What is made of the values of a period.")
PERIODS = changeable("How many periods in a row it takes.")
"""What most rules say."""
VALUE_TYPES = ("integer", "float", "string", "boolean", "datetime")
_TOLD = {
    "alarm_actions": "alarm_queues",
    "ok_actions": "ok_queues",
    "insufficient_data_actions": "insufficient_data_queues",
}
_QUEUE = "trust+zaqar://?"


def _queues(state: str) -> Any:
    return changeable(
        f"Queues that are told of {state}.",
        default=[],
        items=prop("A queue.", exists="zaqar.queue"),
        sends=None,
        since="8.0.0",
    )


class TimeConstraint(Properties):
    name: str = prop("Name.")
    start: str = prop("When it begins, as cron says it.", exists="cron_expression")
    description: str | None = prop("Description.")
    duration: int = prop("Seconds that it lasts.", ge=0)
    timezone: str | None = prop("Time zone.", exists="timezone")


class Acting(Properties):
    description: str | None = changeable("Description.")
    enabled: bool = changeable("Whether it looks at all.", default="true")
    alarm_actions: list[Any] | None = changeable("Addresses that are told of an alarm.")
    ok_actions: list[Any] | None = changeable("Addresses that are told when all is well.")
    insufficient_data_actions: list[Any] | None = changeable("Addresses that are told when nobody knows.")
    alarm_queues: list[str] = _queues("an alarm")
    ok_queues: list[str] = _queues("its end")
    insufficient_data_queues: list[str] = _queues("missing data")
    repeat_actions: bool = changeable("Whether they are told again at each look.", default="true")
    severity: str = changeable("How bad it is.", default="low", allowed=("low", "moderate", "critical"), since="5.0.0")
    time_constraints: list[TimeConstraint] = prop("When it looks; by default always.", default=[], since="5.0.0")


class AlarmType(kit.EntityType[P]):
    """Sends the whole alarm with every change, as the service wants it. Properties that not all alarms
    have are those of its rule."""

    entity = ALARM
    kind: ClassVar[str]
    created_field = "timestamp"

    def find_filters(self, name: str) -> Mapping[str, str]:
        return {"q.field": "name", "q.op": "eq", "q.value": name}

    def rule(self, props: P, rule: dict[str, Any]) -> dict[str, Any]:
        """What it watches, from the fields of the rule that properties carry."""
        return rule

    def create_body(self, ctx: kit.Context[P]) -> kit.Fields:
        given = kit.create_fields(ctx.props)
        rule = {name: given.pop(name) for name in list(given) if name not in Acting.fields}
        actions = {each: list(_told(ctx.props, each)) for each in _TOLD}
        told = {"name": ctx.physical_name, "type": self.kind, f"{self.kind}_rule": self.rule(ctx.props, rule)}
        return {**given, **told, **actions}

    def update_body(self, ctx: kit.Context[P], changes: kit.Changes) -> kit.Fields:
        return self.create_body(ctx)

    async def suspend(self, ctx: kit.Context[P]) -> kit.Outcome:
        return await self._enable(ctx, enabled=False)

    async def resume(self, ctx: kit.Context[P]) -> kit.Outcome:
        return await self._enable(ctx, enabled=True)

    async def _enable(self, ctx: kit.Context[P], *, enabled: bool) -> kit.Outcome:
        await ctx.api.update(ALARM, ctx.physical_id, {**self.create_body(ctx), "enabled": enabled})
        return kit.Ready({})

    def live(self, remote: kit.Remote) -> kit.Values:
        found = dict(super().live({**remote, **(remote.get(f"{self.kind}_rule") or {})}))
        for actions, queues in _TOLD.items():
            told = remote.get(actions) or []
            found[actions] = [each for each in told if not each.startswith(_QUEUE)]
            found[queues] = [_queue_of(each) for each in told if each.startswith(_QUEUE)]
        return found


def _told(props: Any, actions: str) -> Iterator[str]:
    yield from map(str, getattr(props, actions) or ())
    for queue in getattr(props, _TOLD[actions]) or ():
        yield f"{_QUEUE}{urlencode({'queue_name': queue})}"


def _queue_of(action: str) -> str:
    return parse_qs(urlsplit(action).query)["queue_name"][0]
