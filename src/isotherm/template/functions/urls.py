"""make_url: an URL from its parts."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode, urlunsplit

from isotherm.core.suggestions import suggest
from isotherm.core.values import Value
from isotherm.template.expressions import EvaluationError, ListNode, Literal, MapNode
from isotherm.template.functions.calls import Computed
from isotherm.template.functions.registry import function, hot

_TEXTS = ("scheme", "username", "password", "host", "path", "fragment")
_PARTS = (*_TEXTS, "port", "query")


@function("make_url", hot("2017-09-01"))
class MakeUrl(Computed):
    """A URL made from its parts."""

    __slots__ = ()
    syntax = (
        "make_url: {scheme: TEXT, username: TEXT, password: TEXT, host: TEXT, port: NUMBER, "
        "path: TEXT, query: MAP, fragment: TEXT}"
    )

    def check(self) -> None:
        argument = self.argument
        if isinstance(argument, ListNode):
            raise self.wrong_form()
        if isinstance(argument, MapNode):
            self._check_names(argument.items)
            literal = {k: n.value for k, n in argument.items.items() if isinstance(n, Literal)}
            self._check_parts(literal)
        if isinstance(argument, Literal):
            self._check_parts(argument.value)
            if isinstance(argument.value.get("port"), (bool, float)):
                raise EvaluationError("a port is a whole number", at=("port",), slip=True)

    def apply(self, argument: Value) -> Value:
        self._check_parts(argument)
        part = argument.get
        scheme, host = part("scheme", ""), part("host", "")
        if ":" in scheme:
            raise EvaluationError("the scheme may not contain ':'", at=("scheme",))
        query, fragment = urlencode(part("query") or {}), quote(part("fragment", ""))
        location = _login(part("username", ""), part("password", "")) + _bracketed(host)
        if "port" in argument:
            location += f":{argument['port']}"
        return urlunsplit((scheme, location, quote(part("path", "")), query, fragment))

    def _check_names(self, parts: Mapping[str, object]) -> None:
        for name in parts:
            if name not in _PARTS:
                hint = suggest(name, _PARTS) or f"one of {', '.join(_PARTS)}"
                raise EvaluationError(f"a URL has no part {name!r}", hint=hint, at=(name,))

    def _check_parts(self, parts: Value) -> None:
        if not isinstance(parts, Mapping):
            raise self.wrong_form()
        self._check_names(parts)
        for name in _TEXTS:
            if not isinstance(parts.get(name, ""), str):
                raise EvaluationError(f"{name} must be text", at=(name,))
        if not isinstance(parts.get("query", {}), Mapping):
            raise EvaluationError("query must be a map", at=("query",))
        if "port" in parts and not _is_port(parts["port"]):
            raise EvaluationError("port must be a number from 1 to 65535", at=("port",))


def _is_port(value: Value) -> bool:
    try:
        return 1 <= int(value) <= 65535
    except (TypeError, ValueError, OverflowError):
        return False


def _login(username: str, password: str) -> str:
    if not username and not password:
        return ""
    secret = f":{quote(password, safe='')}" if password else ""
    return f"{quote(username, safe='')}{secret}@"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
