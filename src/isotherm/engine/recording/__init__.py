"""The records of stacks and resources, and the only ways in which they change."""
