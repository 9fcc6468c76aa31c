"""What a developer runs around the product: preparing, starting, checking it."""
