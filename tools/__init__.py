"""Tools for people who work on makerlab; not part of what is shipped."""
