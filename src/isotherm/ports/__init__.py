"""Protocols the engine needs, and the records that cross them."""
