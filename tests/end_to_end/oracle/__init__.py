"""A second, independent reading of how a day is decided, and nasty random days to hold the pipeline against."""
