"""Mail to customers: a log of messages, rendered and sent when they are due."""
