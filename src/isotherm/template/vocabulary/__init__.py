"""The words of each version of the language, and what to say about others."""
