"""The address under which a client reached the service: links must lead back there."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.types import Scope


def base_url(request: Request) -> str:
    """Scheme, host and mount point as the client sees them, without a trailing slash."""
    headers = request.headers
    scheme = _first(headers.get("x-forwarded-proto")) or request.url.scheme
    host = _first(headers.get("x-forwarded-host")) or headers.get("host") or request.url.netloc
    prefix = _first(headers.get("x-forwarded-prefix")).rstrip("/")
    return f"{scheme}://{host}{prefix}{request.scope.get('root_path', '')}"


def own_path(scope: Scope) -> str:
    """The path below the mount point, still percent-encoded."""
    raw = scope.get("raw_path") or quote(scope["path"]).encode()
    path: str = raw.split(b"?", 1)[0].decode("latin-1")
    root = quote(scope.get("root_path", ""))
    return path[len(root) :] if root and path.startswith(root) else path


def _first(header: str | None) -> str:
    """Proxies in a row each add theirs; the first is the outermost."""
    return (header or "").split(",")[0].strip()
