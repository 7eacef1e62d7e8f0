"""The customer's pages: landing, consent, progress, report, findings."""
