"""The pure core: periods, Vietnamese numbers and text, workbooks into cells, cells into observations."""
