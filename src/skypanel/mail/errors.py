"""What can be refused about mail."""

from __future__ import annotations

from skypanel.platform.errors import Refusal


class MailNotRetryable(Refusal):
    status = 409
    code = "mail_not_retryable"
    message = "Only mail that was refused or deferred can be sent again."
