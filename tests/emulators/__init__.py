"""Loopback servers that stand in for the vendors, so that their real clients can be driven."""
