"""What is sold, where, at which price, and how much of it is left."""
