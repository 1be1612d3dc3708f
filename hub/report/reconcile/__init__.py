"""Reconciliation: what should agree is compared, each comparison in a file of its own; what does
not agree is shown to a person, and never mended behind their back."""
