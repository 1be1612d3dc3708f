"""Accounts: who may come in, by password and second factor; who may do what; who is invited."""
