"""The vocabulary every room shares: values, schemas, states, errors, diagnostics. No I/O."""
