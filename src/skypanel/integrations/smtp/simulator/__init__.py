"""A mail server that keeps what it is given, and the page on which it is read."""
