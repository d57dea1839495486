"""The benchmarks: this package beside a resource that does nothing. ``make bench`` runs them, and ``docs/performance.md`` has one run's table."""
