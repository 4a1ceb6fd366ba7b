"""What an answer that is no success means: the cloud's own message, and one error class."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Protocol

import msgspec

from isotherm.cloud.quotes import without_quotes
from isotherm.core.errors import Busy, Conflict, Denied, Exists, Gone, Lost, Refused, RemoteError

LONGEST_MESSAGE = 2_000
LONGEST_WAIT = 300.0

REQUEST_ID_HEADERS = ("x-openstack-request-id", "x-compute-request-id", "x-trans-id")

_MESSAGE_KEYS = ("message", "faultstring", "detail", "description", "explanation", "title")
_MARKUP = re.compile(r"<!.*?>|</?[a-z][a-z0-9]*(\s[^<>]*)?/?>", re.IGNORECASE | re.DOTALL)
"""Tags of a page; in <nested.yaml>, and the like, a service names something."""
_HEADLINE = re.compile(r"<(head|h1)\b.*?</\1>", re.IGNORECASE | re.DOTALL)
_SECONDS = re.compile(r"[0-9]+(\.[0-9]+)?")
_SPACE = re.compile(r"\s+")


class _WithStatus(Protocol):
    def __call__(
        self, message: str, *, status: int | None = None, request_id: str = ""
    ) -> RemoteError: ...


_BY_STATUS: dict[int, _WithStatus] = {
    401: Denied,
    403: Denied,
    404: Gone,
    407: Denied,
    408: Lost,
    409: Conflict,
    410: Gone,
    423: Conflict,
    425: Busy,
    429: Busy,
    502: Lost,
    503: Busy,
    504: Lost,
}
"""Every other status is Refused."""

_MAYBE_QUOTA = frozenset({403, 409, 413})
_QUOTA = re.compile(
    r"exceed|over ?limit|too many|limit (has been |is )?reached|maximum number of",
    re.IGNORECASE,
)

_THERE = re.compile(r"\balready\b", re.IGNORECASE)
"""Each service says in its own way that a name, a link or a rule exists, but with this word."""

_MAYBE_BUSY = frozenset({409, 413})


def classify(
    status: int, message: str, headers: Mapping[str, str], *, busy: bool = False
) -> RemoteError:
    """The error for an answer of ``status`` (300 or more), ready to be raised.

    ``headers`` answers whatever the case of names. ``busy``: the service has its own way to
    say that the object is being worked on, and this is it.
    """
    request_id = request_id_of(headers)
    after = retry_after(headers)
    waits = busy or (status in _MAYBE_BUSY and after is not None)
    kind = _kind(status, message, waits=waits)
    if kind is Busy and after is not None:
        return Busy(message, after=after, status=status, request_id=request_id)
    return kind(message, status=status, request_id=request_id)


def _kind(status: int, message: str, *, waits: bool) -> _WithStatus:
    if status in _MAYBE_QUOTA and "quota" in message.lower():
        return Refused  # whenever to retry: block storage says "at once"
    if waits:
        return Busy
    if status in _MAYBE_QUOTA and _QUOTA.search(message):
        return Refused
    if status == HTTPStatus.CONFLICT and _THERE.search(message):
        return Exists
    return _BY_STATUS.get(status, Refused)


def request_id_of(headers: Mapping[str, str]) -> str:
    """The cloud's id for the request; empty where it gave none."""
    return next((found for name in REQUEST_ID_HEADERS if (found := headers.get(name, ""))), "")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds the server asks to wait, within reason; None where it does not say."""
    text = headers.get("retry-after", "")
    if not text:
        return None
    if _SECONDS.fullmatch(text):
        seconds = float(text)
    else:
        seconds = _seconds_between(headers.get("date", ""), text)
    return min(max(seconds, 0.0), LONGEST_WAIT)


def _seconds_between(now: str, then: str) -> float:
    """Both as HTTP dates of the same server, so that its clock may be wrong."""
    try:
        return (parsedate_to_datetime(then) - parsedate_to_datetime(now)).total_seconds()
    except (ValueError, TypeError):
        return 1.0


def fault_message(status: int, body: bytes, sent: bytes | None = None) -> str:
    """The cloud's own text in the body of an error, whichever service wrote it; without what
    it quotes of the body that was ``sent``."""
    text = body.decode(errors="replace").strip()
    try:
        message = _message_in(msgspec.json.decode(text))
    except msgspec.DecodeError:
        message = text
    message = without_quotes(_plain(message), sent)
    return message[:LONGEST_MESSAGE] if message else _status_text(status)


def _message_in(fault: Any) -> str:
    """Services wrap the text under their own key, one or two levels deep, or list several."""
    if isinstance(fault, str):
        return fault
    if isinstance(fault, list):
        return "; ".join(filter(None, map(_message_in, fault)))
    if not isinstance(fault, Mapping):
        return ""
    for key in ("error", "errors", "error_message"):
        if found := _message_in(fault.get(key)):
            return found
    for key in _MESSAGE_KEYS:
        if isinstance(fault.get(key), str) and fault[key].strip():
            return str(fault[key])
    if len(fault) == 1:
        return _message_in(next(iter(fault.values())))
    return ""


def _plain(text: str) -> str:
    """Without mark-up; the head line of an HTML page only repeats the status."""
    if _MARKUP.search(text):
        body = _MARKUP.sub(" ", _HEADLINE.sub(" ", text))
        text = body if body.strip() else _MARKUP.sub(" ", text)
        return _SPACE.sub(" ", html.unescape(text)).strip()
    lines = (_SPACE.sub(" ", each).strip() for each in html.unescape(text).splitlines())
    return "\n".join(filter(None, lines))


def _status_text(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "The cloud gave no reason"
