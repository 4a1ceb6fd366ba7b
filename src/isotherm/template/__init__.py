"""The template language: both dialects, environments, evaluation, validation. Pure."""

from isotherm.template.binding.binder import bind, try_bind
from isotherm.template.binding.definition import (
    Expression,
    ResourceDefinition,
    StackDefinition,
)
from isotherm.template.binding.exports import exported_values
from isotherm.template.binding.siblings import find_sibling
from isotherm.template.binding.surroundings import UNKNOWN_FACADE, Outside
from isotherm.template.checking import check
from isotherm.template.conversion import Dialect, convert
from isotherm.template.document import Document, Path, dotted
from isotherm.template.environments.environment import (
    EMPTY_ENVIRONMENT,
    Environment,
    is_web_address,
    load_environment,
    merge_environments,
    offer_event_sink,
)
from isotherm.template.environments.registry import HOOKS, ResourceRegistry, is_template
from isotherm.template.expressions import EvaluationError, Scope
from isotherm.template.functions.attributes import INSIDE, inside
from isotherm.template.functions.queries import run_queries_by
from isotherm.template.functions.query_engine import QueryError, QuerySpent
from isotherm.template.functions.query_engine import run as run_query
from isotherm.template.limits import MAX_TEXT, UNLIMITED_SIZE, Limits, weight
from isotherm.template.linting import EXPLANATIONS, WARNINGS, lint, lint_environment
from isotherm.template.model import Template
from isotherm.template.nesting.file_types import FileTypes, TemplateFile
from isotherm.template.nesting.handing_down import facade_of
from isotherm.template.nesting.schema import REFERENCE_OUTPUT, parameter_value, schema_of_template
from isotherm.template.nesting.tree import NestedStack, Tree, TreeLimits, check_tree
from isotherm.template.nesting.ways import Way, told_once
from isotherm.template.parameters import PseudoParameters
from isotherm.template.parsing.loading import load_template, parse_template
from isotherm.template.printing import dump_template
from isotherm.template.reading.decoding import decoded, looks_like_template
from isotherm.template.reading.excerpt import SourceText
from isotherm.template.reading.source import read_document
from isotherm.template.validated_parameters import parameter_schemas
from isotherm.template.validation.catalogue import TypeCatalogue
from isotherm.template.validation.validator import validate
from isotherm.template.vocabulary.versions import functions_of, template_versions

__all__ = [
    "EMPTY_ENVIRONMENT",
    "EXPLANATIONS",
    "HOOKS",
    "INSIDE",
    "MAX_TEXT",
    "REFERENCE_OUTPUT",
    "UNKNOWN_FACADE",
    "UNLIMITED_SIZE",
    "WARNINGS",
    "Dialect",
    "Document",
    "Environment",
    "EvaluationError",
    "Expression",
    "FileTypes",
    "Limits",
    "NestedStack",
    "Outside",
    "Path",
    "PseudoParameters",
    "QueryError",
    "QuerySpent",
    "ResourceDefinition",
    "ResourceRegistry",
    "Scope",
    "SourceText",
    "StackDefinition",
    "Template",
    "TemplateFile",
    "Tree",
    "TreeLimits",
    "TypeCatalogue",
    "Way",
    "bind",
    "check",
    "check_tree",
    "convert",
    "decoded",
    "dotted",
    "dump_template",
    "exported_values",
    "facade_of",
    "find_sibling",
    "functions_of",
    "inside",
    "is_template",
    "is_web_address",
    "lint",
    "lint_environment",
    "load_environment",
    "load_template",
    "looks_like_template",
    "merge_environments",
    "offer_event_sink",
    "parameter_schemas",
    "parameter_value",
    "parse_template",
    "read_document",
    "run_queries_by",
    "run_query",
    "schema_of_template",
    "template_versions",
    "told_once",
    "try_bind",
    "validate",
    "weight",
]
