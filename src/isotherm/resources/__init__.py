"""The catalogue of resource types, one package per service."""
