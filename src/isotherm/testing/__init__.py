"""The test kit: virtual clock, fault points, simulated world, builders."""
