"""Texts become documents: YAML and JSON, with the place of each part."""
