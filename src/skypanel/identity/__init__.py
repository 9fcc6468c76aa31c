"""Users, accounts and members, sessions, roles and permissions, tokens, audit."""
