"""How an invoice gets paid: by PayPal or out of the wallet, once."""
