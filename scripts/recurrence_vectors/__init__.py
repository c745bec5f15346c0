"""What scripts/recurrence-vectors.py makes its cases from."""
