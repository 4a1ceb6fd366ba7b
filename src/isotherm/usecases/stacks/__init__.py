"""Verbs on stacks."""
