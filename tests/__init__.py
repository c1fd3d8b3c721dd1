"""What must be true of the product, in folders that mirror its own."""
