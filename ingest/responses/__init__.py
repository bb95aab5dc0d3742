"""What documents answer to recommendations of others."""
