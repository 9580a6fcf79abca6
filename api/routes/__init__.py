"""The routes, one noun a file; each endpoint's docstring is its text in the interface description."""
