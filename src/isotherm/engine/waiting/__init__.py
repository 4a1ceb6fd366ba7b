"""Waiting: for objects, for other stacks, for a cloud in trouble; and being told to stop."""
