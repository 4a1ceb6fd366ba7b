"""What passes between the listener and a handler: the call, its caller, the reply, the fault."""

import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec

from isotherm.localcloud.operations import FaultRule

T = TypeVar("T")

_MISSING = re.compile("Object missing required field `(.+)`")
_BELOW_FIELD = re.compile(r"[.\[].*")


class Fault(Exception):
    """A refusal. `kind` is the service's own error type, where its wire format has one."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.kind = kind
        self.headers = dict(headers or {})


@contextmanager
def instead_of(status: int | None, refusal: Fault) -> Iterator[None]:
    """Refuse so where a peer refuses with the status; with None, whatever it refuses with."""
    try:
        yield
    except Fault as fault:
        if status not in (None, fault.status):
            raise
        raise refusal from fault


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """Who calls, as the token says. Role names are lower case."""

    token_id: str
    user_id: str
    user_name: str
    roles: frozenset[str]
    project_id: str | None = None
    project_name: str | None = None
    project_domain_id: str | None = None
    domain_id: str | None = None
    system: bool = False
    trust_id: str | None = None
    application_credential_id: str | None = None
    unrestricted: bool = True

    @property
    def is_admin(self) -> bool:
        return "admin" in self.roles

    def sees(self, project_id: str | None) -> bool:
        """Whether objects of the project are this caller's to see."""
        return self.is_admin or (project_id is not None and project_id == self.project_id)


class Reply(msgspec.Struct, frozen=True):
    """`body` is sent as JSON, `bytes` as they are, None as nothing."""

    status: int = 200
    body: object = None
    headers: Mapping[str, str] = {}


def complaint(error: msgspec.ValidationError) -> tuple[str, str]:
    """Which field of an object is wrong, empty for the object itself, and how."""
    detail, _, path = str(error).partition(" - at ")
    missing = _MISSING.fullmatch(detail)
    field = _BELOW_FIELD.sub("", path.strip("`").removeprefix("$").removeprefix("."))
    return field, f"'{missing[1]}' is a required property" if missing else detail


class Call:
    """One request: `params` come from the path, `base_url` has no slash at its end."""

    def __init__(
        self, method: str, path: str, *, base_url: str, headers: Mapping[str, str], query: str
    ) -> None:
        self.method = method
        self.path = path
        self.base_url = base_url
        self.headers = headers
        self.params: dict[str, str] = {}
        self.operation = ""
        self.body = b""
        self.fault_rule: FaultRule | None = None
        self.request_id = f"req-{uuid.uuid4()}"
        self.query_string = query
        self._caller: Caller | None = None

    @property
    def caller(self) -> Caller:
        """Raises Fault 401 where the route is open and no valid token came."""
        if self._caller is None:
            raise Fault(401, "The request you have made requires authentication.")
        return self._caller

    @caller.setter
    def caller(self, caller: Caller | None) -> None:
        self._caller = caller

    @property
    def has_caller(self) -> bool:
        return self._caller is not None

    @property
    def project_id(self) -> str:
        """The caller's project. Raises Fault 403 for a token without one."""
        if self.caller.project_id is None:
            raise Fault(403, "A token scoped to a project is required.")
        return self.caller.project_id

    @property
    def url(self) -> str:
        """The requested URL, with its query."""
        query = f"?{self.query_string}" if self.query_string else ""
        return f"{self.base_url}{self.path}{query}"

    @cached_property
    def query(self) -> list[tuple[str, str]]:
        """The query's pairs as sent; a key may come several times."""
        return parse_qsl(self.query_string, keep_blank_values=True)

    def argument(self, name: str) -> str | None:
        """The last value of a query key."""
        return next((value for key, value in reversed(self.query) if key == name), None)

    @cached_property
    def document(self) -> Any:
        """The body as JSON. Raises Fault 400."""
        try:
            return msgspec.json.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Fault(400, "Malformed request body: it is not JSON.") from error

    @property
    def json(self) -> dict[str, Any]:
        """The body as a JSON object. Raises Fault 400."""
        if not isinstance(self.document, dict):
            raise Fault(400, "Malformed request body: it is not a JSON object.")
        return self.document

    def read(self, key: str, type_: type[T]) -> T:
        """The object under the body's only interesting key, checked. Raises Fault 400."""
        if key not in self.json:
            raise Fault(400, f"Invalid input for field/attribute {key}: it is required.")
        try:
            return msgspec.convert(self.json[key], type_)
        except msgspec.ValidationError as error:
            raise Fault(400, f"Invalid input for field/attribute {key}. {error}") from error

    def require_admin(self) -> None:
        """Raises Fault 403."""
        if not self.caller.is_admin:
            raise Fault(403, "You are not authorized to perform the requested action.")
