"""Desired × recorded → a plan: an immutable graph of steps. Pure."""
