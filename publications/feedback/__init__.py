"""What goes into a unit's folder in answer to a file: receipt, result, marked workbook or findings workbook."""
