"""VIES: the European Commission's register of VAT numbers. Client and simulator side by side."""
