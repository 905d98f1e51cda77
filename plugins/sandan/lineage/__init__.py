"""Where what is published comes from: column by column."""
