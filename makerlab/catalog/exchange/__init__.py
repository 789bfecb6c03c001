"""Designs on their way from one lab to another: a ZIP of a manifest and files, and lists for spreadsheets."""
