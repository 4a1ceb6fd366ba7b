"""What is left of a stack whose creation was rolled back: a template of nothing."""

from __future__ import annotations

import logging

from isotherm.core.diagnostics import InvalidDocument
from isotherm.engine.operations import OPERATIONS
from isotherm.engine.steps.executor import Result
from isotherm.ports.records import Operation, Source, Stack, Traversal, replace
from isotherm.ports.store import Store
from isotherm.template import UNLIMITED_SIZE, Environment, load_template

log = logging.getLogger(__name__)


async def emptied(store: Store, stack: Stack, traversal: Traversal, result: Result) -> Stack:
    """The stack as it is after ``traversal``. A later update in part, or the roll-back of one,
    starts from what is there: nothing, and not from what could not be made."""
    to_nothing = not OPERATIONS[traversal.operation].desires(stack)
    if traversal.operation is not Operation.ROLLBACK or not to_nothing or not result.went_well:
        return stack
    source = await store.source(stack.source_id)
    try:
        version = load_template(source.template, limits=UNLIMITED_SIZE).version
    except InvalidDocument as error:
        log.warning("stack %s: its template is not understood, and kept: %s", stack.id, error)
        return stack
    nothing = Source(
        template={version.section: version.number}, environment=Environment().as_data(), files={}
    )
    return replace(stack, source_id=await store.put_source(nothing))
