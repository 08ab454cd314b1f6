"""Kubernetes' own schemas and those of custom resources, and what the API server refuses beyond them."""
