"""Measures the engine: time, CPU and memory a resource, without HTTP."""
