"""The workbook of a partnership that moves in: written for it to fill, and read within bounds when it is filled."""
