"""Workflows, their executions, and what begins them by the clock."""

from isotherm.kit.finder import Finder
from isotherm.kit.service import Service, declare

WORKFLOWS = declare(Service("workflow", version="v2"))

WORKFLOW = WORKFLOWS.entity(
    "", "/workflows", "workflows", id_field="name", finder=Finder("mistral.workflow")
)
EXECUTION = WORKFLOWS.entity("", "/executions", "executions")
CRON_TRIGGER = WORKFLOWS.entity("", "/cron_triggers", "cron_triggers", id_field="name")
