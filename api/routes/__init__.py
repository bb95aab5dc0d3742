"""The service's addresses, by noun."""
