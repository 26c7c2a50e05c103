"""The warehouse shared with other machines: a DuckLake whose catalogue is a PostgreSQL, brought to each publication."""
