"""What was found wrong, by whatever looked, and stands until it is right again."""
