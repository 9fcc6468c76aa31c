"""Hours of servers that are billed by the hour: counted, paid from the wallet, invoiced monthly."""
