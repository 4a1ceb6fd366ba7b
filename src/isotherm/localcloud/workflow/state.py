"""Workflows: what is there, and what other services may begin."""

from functools import lru_cache
from typing import Any

from isotherm.localcloud.service import Frame, Service
from isotherm.localcloud.workflow.definitions import read_definitions
from isotherm.localcloud.workflow.entities import CronTrigger, Execution, Task, Workflow


class Workflows(Service):
    service_type = "workflow"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.workflows = self.collection("workflow", Workflow, index=("name",))
        self.executions = self.collection("execution", Execution, index=("task_execution_id",))
        self.tasks = self.collection("task", Task, index=("execution_id",), listed=False)
        self.triggers = self.collection("cron_trigger", CronTrigger, index=("name",))

    def named(self, project_id: str | None, identifier: str) -> Workflow | None:
        """By id or name; those of others, where they are public."""
        found = self.workflows.get(identifier)
        for each in [found] if found else self.workflows.find(name=identifier):
            if each.scope == "public" or each.project_id == project_id:
                return each
        return None

    def spec(self, workflow: Workflow) -> dict[str, Any]:
        return _read(workflow.definition)[workflow.name]


_read = lru_cache(maxsize=64)(read_definitions)
