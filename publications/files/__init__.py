"""What is put into the published folder: tables as CSV and Parquet, their description, results of queries."""
