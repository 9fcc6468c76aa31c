"""What is billed over time: a plan at a price, its periods and its holds."""
