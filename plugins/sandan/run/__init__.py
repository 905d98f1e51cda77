"""How a day is run: the stages, the clock, the command line and what it shows."""
