"""What the doors for clients of AWS have in common: signatures, protocols, faults."""
