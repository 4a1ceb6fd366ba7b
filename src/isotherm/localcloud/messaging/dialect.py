"""Messaging's ways: who may enter, lists that always go on, refusals."""

from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import urlencode

from isotherm.localcloud.entities import Entity
from isotherm.localcloud.exchange import Call, Caller, Fault
from isotherm.localcloud.kinds import CHANGED, Asked, Dialect, Lists
from isotherm.localcloud.kinds.checks import Check, is_uuid
from isotherm.localcloud.messaging.checks import is_queue_name
from isotherm.localcloud.messaging.faults import invalid, unreadable
from isotherm.localcloud.messaging.signing import admitted_project
from isotherm.localcloud.messaging.state import Messaging
from isotherm.localcloud.routing import Handler, Routes

MOST_A_PAGE = 20


class MessagingRoutes(Routes[Messaging]):
    """Open to whoever has a token, or a signature of the path; every client tells who it is."""

    def _add(
        self, method: str, path: str, operation: str, options: dict[str, Any]
    ) -> Callable[[Handler[Messaging]], Handler[Messaging]]:
        register = super()._add(method, path, operation, {**options, "open": True})

        def register_admitting(handler: Handler[Messaging]) -> Handler[Messaging]:
            def handle(messaging: Messaging, call: Call) -> object:
                _admit(messaging, call)
                return handler(messaging, call)

            register(handle)
            return handler

        return register_admitting


def _admit(messaging: Messaging, call: Call) -> None:
    """Raises Fault 400, 401, 404."""
    if not call.has_caller and "url-signature" in call.headers:
        project_id = admitted_project(messaging, call)
        call.caller = Caller(
            token_id="", user_id="", user_name="", roles=frozenset(), project_id=project_id
        )
    if call.caller.project_id is None:
        raise Fault(401, "The request you have made requires authentication.")
    client = call.headers.get("client-id")
    if client is None:
        raise Fault(400, "The Client-ID header is required.", kind="Missing header value")
    if not is_uuid(client):
        raise Fault(400, "Malformed hexadecimal UUID.", kind="Wrong UUID value")
    if not is_queue_name(call.params.get("queue_id", "a")):
        reason = "The format of the submitted queue name or project id is not valid."
        raise Fault(400, reason, kind="Invalid queue identification")


def limit_of(call: Call, usual: int, words: str = "may not be") -> int:
    """How many the client wants at once. Raises Fault 400."""
    text = call.argument("limit")
    if text is None:
        return usual
    if not text.isdigit() or not 1 <= int(text) <= MOST_A_PAGE:
        raise invalid(f"Limit must be at least 1 and {words} greater than {MOST_A_PAGE}.")
    return int(text)


def next_link(call: Call, marker: str) -> list[dict[str, str]]:
    """A page that is not empty always leads to another."""
    query = [pair for pair in call.query if pair[0] != "marker"]
    return [
        {"rel": "next", "href": f"{inner_path(call)}?{urlencode([*query, ('marker', marker)])}"}
    ]


def inner_path(call: Call) -> str:
    """As the service itself knows it: below its endpoint."""
    return call.path.removeprefix("/messaging")


class MessagingLists(Lists):
    def page(self, asked: Asked[Any], ordered: list[Any]) -> tuple[list[Any], bool]:
        marker = asked.call.argument("marker") or ""
        left = [each for each in ordered if not marker or self.place(each) > marker]
        return left[: limit_of(asked.call, 10, "no")], True

    def place(self, entity: Any) -> str:
        """What markers say; lists are in its order."""
        return str(entity.id)

    def ordered(self, asked: Asked[Any], found: list[Any]) -> list[Any]:
        return sorted(found, key=self.place)

    def beside(
        self, asked: Asked[Any], found: list[Any], page: list[Any], *, more: bool
    ) -> dict[str, Any]:
        return {"links": next_link(asked.call, self.place(page[-1])) if page else []}


class MessagingDialect(Dialect[Messaging]):
    change_method = "PATCH"
    wrapped = False
    lists = MessagingLists()
    words: ClassVar = {
        "missing": (404, "{noun} {entity_id} does not exist"),
    }

    def routes(self) -> MessagingRoutes:
        return MessagingRoutes("/v2")

    def required(self, where: str, name: str, said: object = None) -> Fault:
        return invalid(f"Missing parameter {name} in body.")

    def invalid(self, name: str, value: object, reason: ValueError) -> Fault:
        return invalid(str(reason))

    def answer(self, call: Call, entity: Entity, view: str, body: object) -> object:
        return None if view == CHANGED else body

    def unknown(self, where: str, names: list[str], value: object) -> Fault | None:
        return None


def number(name: str, value: object, check: Check) -> int:
    """Raises Fault 400."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise unreadable(f'The value of the "{name}" field must be a int.')
    return int(DIALECT.checked(name, value, check))


DIALECT = MessagingDialect()
