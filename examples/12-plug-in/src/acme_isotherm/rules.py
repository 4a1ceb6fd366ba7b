"""Acme's rules: how cost centres are written, and when nothing may be changed."""

import os
import re

from isotherm.kit import (
    CloudApi,
    Lifecycle,
    OperationRefused,
    Refused,
    StackOperation,
    constraint,
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
