"""Isotherm: an orchestration service for OpenStack clouds, compatible with Heat."""

__version__ = "0.1.0"
