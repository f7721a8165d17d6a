"""Disease progression learning (Lao): stages learnt as ordered sequences (METHODS L1 to L4)."""
