"""Where interviews are kept; siblings of the adapters, which it never imports."""
