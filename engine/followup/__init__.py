"""What became of an eye between two visits: whose visits they are, how they lie on each other."""
