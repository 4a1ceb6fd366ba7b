"""Paths that several routes begin with."""

ROOT = "/v1/{project_id}"
STACKS = f"{ROOT}/stacks"
STACK = f"{STACKS}/{{stack_name}}/{{stack_id}}"
RESOURCE = f"{STACK}/resources/{{resource_name}}"
SNAPSHOTS = f"{STACK}/snapshots"
TYPES = f"{ROOT}/resource_types"
VERSIONS = f"{ROOT}/template_versions"
