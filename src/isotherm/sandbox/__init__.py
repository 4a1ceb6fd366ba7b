"""Where queries that strangers write run: in processes that can be ended."""

from isotherm.sandbox.query_processes import QueryProcesses, queries_apart

__all__ = ["QueryProcesses", "queries_apart"]
