"""What falls due: invoices for coming periods, reminders, charges, suspension, the end."""
