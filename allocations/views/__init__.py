"""The pages of a round, by what one does there."""
