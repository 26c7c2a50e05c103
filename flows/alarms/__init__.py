"""What can be wrong with the system: seen from inside and outside, and told to the office."""
