"""Acme's rules: how cost centres are written, when nothing may be changed, who is told."""

import logging
import os
import re
from collections.abc import Mapping
from typing import Any

from isotherm.kit import (
    CloudApi,
    EventSink,
    Lifecycle,
    OperationRefused,
    Refused,
    StackOperation,
    constraint,
    event_sink,
    lifecycle,
)

_COST_CENTRE = re.compile(r"CC-\d{4}")


@constraint("acme.cost_centre")
async def cost_centre(api: CloudApi, value: str) -> None:
    """A constraint may ask the cloud by ``api``; this one need not."""
    if not _COST_CENTRE.fullmatch(value):
        raise Refused(f"a cost centre is written like CC-0815, not {value}")


@lifecycle
class Freeze(Lifecycle):
    """While ACME_FREEZE is set, stacks may be made but not changed or removed."""

    order = 10

    async def before(self, operation: StackOperation) -> None:
        reason = os.environ.get("ACME_FREEZE")
        if reason and operation.operation in ("UPDATE", "DELETE"):
            raise OperationRefused(f"Changes are frozen: {reason}")


@event_sink
class Ledger(EventSink):
    """Writes events to the log, as `event_sinks: [{type: acme-ledger, target: NAME}]` asks."""

    kind = "acme-ledger"

    async def tell(self, api: CloudApi, sink: Mapping[str, Any], event: Mapping[str, Any]) -> None:
        logging.getLogger("acme.ledger").warning("%s: %s", sink["target"], event["id"])
