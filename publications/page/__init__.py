"""The page of a half-year for the meeting: one file that shows the tables, and of every figure where it comes from."""
