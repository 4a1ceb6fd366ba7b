"""Routes about templates and resource types."""

from __future__ import annotations

from isotherm.api.native import language, paths
from isotherm.api.native.queries import arities
from isotherm.api.native.routing import Route

LANGUAGE = (
    Route(
        "template_validate",
        "POST",
        f"{paths.ROOT}/validate",
        language.validate,
        "stacks:validate_template",
        query=arities("show_nested ignore_errors"),
        summary="Validate a template",
    ),
    Route(
        "resource_types",
        "GET",
        paths.TYPES,
        language.types,
        "stacks:list_resource_types",
        query=arities("support_status name version with_description"),
        summary="List resource types",
    ),
    Route(
        "resource_schema",
        "GET",
        f"{paths.TYPES}/{{type_name}}",
        language.type_schema,
        "stacks:resource_schema",
        summary="Show what a resource type offers",
    ),
    Route(
        "generate_template",
        "GET",
        f"{paths.TYPES}/{{type_name}}/template",
        language.type_template,
        "stacks:generate_template",
        query=arities("template_type"),
        summary="Generate a template for a resource type",
    ),
    Route(
        "template_versions",
        "GET",
        paths.VERSIONS,
        language.versions,
        "stacks:list_template_versions",
        summary="List template versions",
    ),
    Route(
        "template_functions",
        "GET",
        f"{paths.VERSIONS}/{{template_version}}/functions",
        language.functions,
        "stacks:list_template_functions",
        query=arities("with_condition_func"),
        summary="List the functions of a template version",
    ),
)
