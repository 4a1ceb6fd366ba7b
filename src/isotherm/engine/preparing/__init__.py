"""Preparing a traversal: what its stack is to be, what is recorded, the plan."""
