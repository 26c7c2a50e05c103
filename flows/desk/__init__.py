"""The analysts' desk: questions in SQL, a figure traced to its cell, other programs connected."""
