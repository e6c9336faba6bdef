"""Says who calls the REST API."""
