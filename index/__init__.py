"""Passages to hits: embedders, stores, generations and the search over them."""
