"""Pages of people: lists, one person, units, roles, absence, the auditor register."""
