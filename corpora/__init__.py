"""What the project ships to be read: manifests, digests and the taxonomy of findings."""
