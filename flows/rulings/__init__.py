"""What the chair's office decides about files, explanations and rules, and what that changes."""
