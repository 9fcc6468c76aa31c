"""The account's profile, its team and the sign-up door."""
