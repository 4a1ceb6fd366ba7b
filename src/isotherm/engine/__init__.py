"""Durable execution: walks plans, survives crashes, owns stacks by lease."""
