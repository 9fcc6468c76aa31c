"""Where a name leads to: asking the resolver, and one to test against."""
