"""A file as a reading: one canonical text, with the map back to paper. Trusts no file."""
