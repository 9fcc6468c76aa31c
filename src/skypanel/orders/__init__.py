"""A wish to buy: from the click to the running server."""
