"""What customers are asked to pay, and the numbered documents that say they did."""
