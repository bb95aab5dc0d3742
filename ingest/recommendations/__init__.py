"""What a document formally recommends, and the passages it ties to that."""
