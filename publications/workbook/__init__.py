"""The consolidated tables as one workbook, ready to print: cover, contents, notes, a sheet per table, lineage."""
