"""What P&Q settle before the draw: how many cases, same-team exceptions, themes; and what to think of first."""
