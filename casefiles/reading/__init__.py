"""Reading of lists: a file becomes tables, tables become rows of facts, refusals and notes. No database."""
