"""The template language: both dialects, environments, evaluation, validation. Pure."""

from isotherm.template.binding import bind, try_bind
from isotherm.template.checking import check
from isotherm.template.conversion import Dialect, convert
from isotherm.template.definition import (
    Expression,
    OutputDefinition,
    ResourceDefinition,
    StackDefinition,
)
from isotherm.template.environment import (
    EMPTY_ENVIRONMENT,
    Environment,
    load_environment,
    merge_environments,
)
from isotherm.template.excerpt import SourceText
from isotherm.template.exports import export_names
from isotherm.template.expressions import Scope
from isotherm.template.file_types import FileTypes, TemplateFile
from isotherm.template.functions.attributes import INSIDE
from isotherm.template.handing_down import facade_of
from isotherm.template.limits import DEFAULT_LIMITS, UNLIMITED_SIZE, Limits
from isotherm.template.linting import WARNINGS, lint, lint_environment
from isotherm.template.loading import load_template, parse_template
from isotherm.template.model import Template
from isotherm.template.nested import REFERENCE_OUTPUT, parameter_value, schema_of_template
from isotherm.template.nesting import NestedStack, Tree, TreeLimits, Way, check_tree, told_once
from isotherm.template.parameters import ParameterType, PseudoParameters
from isotherm.template.printing import dump_json, dump_template, dump_yaml
from isotherm.template.registry import is_template
from isotherm.template.schemas import parameter_schemas
from isotherm.template.surroundings import UNKNOWN_FACADE, Outside
from isotherm.template.validation import TypeCatalogue, validate
from isotherm.template.versions import TemplateVersion, functions_of, template_versions
from isotherm.template.yaml_reader import decoded

__all__ = [
    "DEFAULT_LIMITS",
    "EMPTY_ENVIRONMENT",
    "INSIDE",
    "REFERENCE_OUTPUT",
    "UNKNOWN_FACADE",
    "UNLIMITED_SIZE",
    "WARNINGS",
    "Dialect",
    "Environment",
    "Expression",
    "FileTypes",
    "Limits",
    "NestedStack",
    "OutputDefinition",
    "Outside",
    "ParameterType",
    "PseudoParameters",
    "ResourceDefinition",
    "Scope",
    "SourceText",
    "StackDefinition",
    "Template",
    "TemplateFile",
    "TemplateVersion",
    "Tree",
    "TreeLimits",
    "TypeCatalogue",
    "Way",
    "bind",
    "check",
    "check_tree",
    "convert",
    "decoded",
    "dump_json",
    "dump_template",
    "dump_yaml",
    "export_names",
    "facade_of",
    "functions_of",
    "is_template",
    "lint",
    "lint_environment",
    "load_environment",
    "load_template",
    "merge_environments",
    "parameter_schemas",
    "parameter_value",
    "parse_template",
    "schema_of_template",
    "template_versions",
    "told_once",
    "try_bind",
    "validate",
]
