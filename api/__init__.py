"""Hits to people: the command line, the HTTP service and its wire contract."""
