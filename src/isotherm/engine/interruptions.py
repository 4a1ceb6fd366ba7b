"""What makes the steps of a traversal stop where they are, through no fault of their own."""

from __future__ import annotations


class Overtaken(Exception):
    """A newer traversal (or a shut-down) wants this one to stop where it is."""


class TimedOut(Exception):
    """The traversal's deadline has passed."""
