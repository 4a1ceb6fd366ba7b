"""Stacks to be against the catalogue of types."""
