"""Past audits: what was audited before the portal, taken over once so that nothing starts blank (B13)."""
