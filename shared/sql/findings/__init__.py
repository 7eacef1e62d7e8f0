"""Findings, their versions, drafts, publication and the customer's decisions."""
