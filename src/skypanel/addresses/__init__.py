"""Extra IPv4 addresses of servers that run: bought, given, given back."""
