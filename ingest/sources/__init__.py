"""What there is to read: corpora, their manifests, and how published documents are had."""
