"""Workflows v2: definitions that really run, by hand and by the clock."""

from isotherm.localcloud.service import CatalogEntry, Registration
from isotherm.localcloud.workflow import cron_triggers, executions, surroundings, workflows
from isotherm.localcloud.workflow.dialect import render
from isotherm.localcloud.workflow.running import transitions
from isotherm.localcloud.workflow.state import Workflows

registration = Registration(
    state=Workflows,
    mount="/workflow",
    routes=(surroundings.routes,),
    kinds=(workflows.WORKFLOWS, executions.EXECUTIONS, executions.TASKS, cron_triggers.TRIGGERS),
    render=render,
    transitions=transitions,
    catalog=(CatalogEntry("workflowv2", "mistral", "/workflow/v2"),),
)

__all__ = ["registration"]
