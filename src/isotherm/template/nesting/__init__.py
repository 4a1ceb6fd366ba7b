"""Templates inside of templates."""
