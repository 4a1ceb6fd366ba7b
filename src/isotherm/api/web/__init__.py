"""What all HTTP doors share: addresses, bodies within limits, faults, request ids."""
