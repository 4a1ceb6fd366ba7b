"""Warnings about what is legal in a template but wrong in practice."""

from isotherm.template.linting.linter import lint

__all__ = ["lint"]
