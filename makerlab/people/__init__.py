"""Accounts, roles, cards and sites: who is here and how they sign in."""
