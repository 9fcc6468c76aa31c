"""A register of VAT numbers that answers as VIES does, for tests and the sandbox."""
