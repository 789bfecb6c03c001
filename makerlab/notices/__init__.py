"""Notices: what somebody should know, told once, on the desk and over channels such as e-mail and ntfy."""
