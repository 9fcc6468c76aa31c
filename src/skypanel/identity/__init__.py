"""Who people are: users, accounts and their members, sessions, tokens, roles, the audit trail."""
