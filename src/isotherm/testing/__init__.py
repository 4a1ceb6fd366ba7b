"""The test kit: virtual clock, fault points, simulated world, builders."""

from isotherm.testing.store import MemoryStore

__all__ = ["MemoryStore"]
