"""What all HTTP doors share: authentication, faults, routing, queries, bodies."""
