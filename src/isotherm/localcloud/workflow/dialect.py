"""The workflow service's ways: bodies without a name around them, JSON inside of JSON."""

from typing import Any, ClassVar

from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.kinds import Asked, Dialect, Lists
from isotherm.localcloud.kinds.lists import next_url
from isotherm.localcloud.workflow.definitions import ABOUT_TEXT
from isotherm.localcloud.workflow.state import Workflows


def render(fault: Fault, call: Call) -> Reply:
    shown = {"debuginfo": None, "faultcode": "Client" if fault.status < 500 else "Server"}
    if fault.kind == ABOUT_TEXT:
        shown = {}
    return Reply(fault.status, {**shown, "faultstring": fault.message}, fault.headers)


class WorkflowLists(Lists):
    general: ClassVar[tuple[str, ...]] = (
        *Lists.general,
        *("sort_keys", "sort_dirs", "fields", "nulls", "include_output", "namespace"),
    )

    def sorting(self, call: Call) -> list[tuple[str, str]]:
        keys = [each for each in (call.argument("sort_keys") or "").split(",") if each]
        ways = (call.argument("sort_dirs") or "").split(",")
        return [(key, ways[at] if at < len(ways) else "") for at, key in enumerate(keys)]

    def equal(self, held: object, text: str) -> bool:
        """With an operator before the value."""
        operator, colon, value = text.partition(":")
        if colon and operator in ("eq", "neq", "in"):
            values = value.split(",") if operator == "in" else [value]
            return (str(held) in values) != (operator == "neq")
        return super().equal(held, text)

    def beside(
        self, asked: Asked[Any], found: list[Any], page: list[Any], *, more: bool
    ) -> dict[str, Any]:
        return {"next": next_url(asked.call, page[-1])} if more and page else {}

    def body(
        self, asked: Asked[Any], shown: list[dict[str, Any]], beside: dict[str, Any]
    ) -> object:
        """Only the fields that are asked for, and the id."""
        if fields := asked.call.argument("fields"):
            wanted = ("id", *fields.split(","))
            shown = [{n: each for n, each in one.items() if n in wanted} for one in shown]
        return super().body(asked, shown, beside)


_IDENTIFIED = {
    "Workflow": "workflow_identifier={}, namespace=",
    "Cron trigger": "identifier={}",
}


class WorkflowDialect(Dialect[Workflows]):
    wrapped = False
    lists = WorkflowLists()
    prefixes = ("/v2",)

    def missing(self, noun: str, entity_id: str) -> Fault:
        where = _IDENTIFIED.get(noun, "id={}").format(entity_id)
        return Fault(404, f"{noun} not found [{where}]")

    def invalid(self, name: str, value: object, reason: ValueError) -> Fault:
        return Fault(400, str(reason))


DIALECT = WorkflowDialect()
