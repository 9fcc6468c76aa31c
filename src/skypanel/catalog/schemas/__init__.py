"""What the catalog's doors take and give, a file per subject."""
