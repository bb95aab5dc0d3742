"""Numbers: measurements and benchmarks of exactly what is served."""
