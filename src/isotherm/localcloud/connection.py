"""A connection that a fault can cut: uvicorn's HTTP protocol with a way to abort."""

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

ABORT = "isotherm.abort"


class AbortableHttpProtocol(HttpToolsProtocol):
    """Give as `http=` to `uvicorn.Config`; dropped replies need it."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        extensions: dict[str, Any] = {ABORT: self.transport.abort}
        self.scope["extensions"] = extensions
