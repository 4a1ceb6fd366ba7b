"""Desired against recorded: the diff, and the plan that follows from it."""
