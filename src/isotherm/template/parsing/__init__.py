"""Documents become templates: one model behind both dialects."""
