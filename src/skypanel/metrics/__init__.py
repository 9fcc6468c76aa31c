"""What servers do: their load and its history, their traffic, and alerts about both."""
