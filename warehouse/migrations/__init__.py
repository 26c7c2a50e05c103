"""The history of the warehouse's tables, one revision per change."""
