"""Workflows v2: definitions that really run, by hand and by the clock."""

from isotherm.localcloud.parts import parts_of
from isotherm.localcloud.service import CatalogEntry, Registration
from isotherm.localcloud.workflow.dialect import render
from isotherm.localcloud.workflow.state import Workflows

registration = Registration(
    state=Workflows,
    mount="/workflow",
    parts=parts_of(__name__),
    render=render,
    catalog=(CatalogEntry("workflowv2", "mistral", "/workflow/v2"),),
)
