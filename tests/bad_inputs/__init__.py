"""Bad input, case by case: each test carries the id of its case in its name."""
