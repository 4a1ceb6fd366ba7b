"""Environments: read, merged, and the resource registry in them."""
