"""The HTTP API (API Gateway v2) on this machine: routes, the authorizer, payload format 2.0."""
