"""Sandan (三单, "the three lists"): the data side of a cross-border e-commerce service platform."""
