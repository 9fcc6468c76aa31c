"""PayPal: checkout orders, captures, refunds and signed webhooks, in our own types."""
