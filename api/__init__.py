"""The service: FastAPI routes by noun over `warning.store`; it reads, and writes only what people do."""
