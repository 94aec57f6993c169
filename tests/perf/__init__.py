"""Benchmarks: each is a command of its own, prints ratios measured in one run, and passes no verdict."""
