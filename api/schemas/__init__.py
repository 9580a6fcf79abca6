"""What the service takes and gives, as pydantic models: one noun a file."""
