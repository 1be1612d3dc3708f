"""A spreadsheet as the vendor keeps it: cells, ranges, its REST doors. For the simulator alone."""
