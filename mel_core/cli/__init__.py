"""The command line (contract §6): French sentences on stderr, exit code 2 for a wrong call, 1 for refused data."""
