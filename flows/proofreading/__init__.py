"""The words checked against the tables: a report proof-read, and taken in where its returns no longer exist."""
