"""What ends the comparison early."""


class Problem(Exception):
    """Says what is wrong, where, and what to do about it."""


class Mismatch(Exception):
    """A run ended with money or transfers that do not add up: its figures are worth nothing."""
