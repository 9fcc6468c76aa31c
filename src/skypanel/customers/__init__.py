"""The account's profile: who it is on paper, where it sits, how it reads; and the sign-up door."""
