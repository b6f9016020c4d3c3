"""The interview in a terminal: the embedded default, which needs no account."""
