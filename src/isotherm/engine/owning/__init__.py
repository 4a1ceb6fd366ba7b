"""Owning a stack: claim it, run its traversals, say how each ended, give it back."""
