"""Warnings about what is legal in a template but wrong in practice."""

from isotherm.template.linting.explanations import EXPLANATIONS
from isotherm.template.linting.linter import lint, lint_environment
from isotherm.template.linting.warnings import WARNINGS

__all__ = ["EXPLANATIONS", "WARNINGS", "lint", "lint_environment"]
