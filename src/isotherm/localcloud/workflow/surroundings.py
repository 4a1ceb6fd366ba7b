"""Which versions there are, and which actions tasks may have."""

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.routing import Routes
from isotherm.localcloud.workflow.definitions import ACTIONS
from isotherm.localcloud.workflow.state import Workflows

routes = Routes[Workflows]()


@routes.get("/", "version.list", open=True)
def list_versions(workflows: Workflows, call: Call) -> object:
    link = {"href": f"{call.base_url}/workflow/v2", "target": "v2", "rel": "self"}
    return {"versions": [{"id": "v2.0", "status": "CURRENT", "links": [link]}]}


@routes.get("/v2/actions", "action.list")
def list_actions(workflows: Workflows, call: Call) -> object:
    return {
        "actions": [
            {
                "id": name,
                "name": name,
                "is_system": True,
                "input": "",
                "description": "",
                "created_at": None,
                "updated_at": None,
                "tags": [],
                "scope": "public",
            }
            for name in sorted(ACTIONS)
        ]
    }
