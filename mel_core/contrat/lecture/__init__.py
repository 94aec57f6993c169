"""From a file as an office has it to cells: archives, CSV, workbooks, headers, totals."""
