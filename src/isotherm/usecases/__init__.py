"""What can be asked of the service: one verb, one function. No HTTP, no SQL."""
