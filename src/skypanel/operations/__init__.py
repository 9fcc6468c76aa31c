"""What staff do to the machine itself: jobs to retry, settings to change and check."""
