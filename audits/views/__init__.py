"""The pages of an audit, by what one does there."""
