"""Who owes what to whom: books, and the balanced transfers between them."""
