"""The VPS as its customer sees it: power, tasks, keys, its first password."""
