"""Exemptions: who decides by the auditor's service, the verbs, who is told, figures (S1-09 to S1-14, S2-33)."""
