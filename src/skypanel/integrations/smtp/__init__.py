"""SMTP: handing mail to the host's mail server, and a mailbox to hand it to in the sandbox."""
