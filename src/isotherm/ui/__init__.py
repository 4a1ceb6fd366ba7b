"""The web page and its thin backend."""
