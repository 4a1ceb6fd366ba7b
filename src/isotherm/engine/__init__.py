"""Durable execution: walks plans, survives crashes, owns stacks by lease.

Start with ``owning.worker``; ARCHITECTURE.md names the chapters.
"""
