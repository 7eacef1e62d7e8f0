"""Entra: consent, sign-in checks, tokens, sessions and what is encrypted at rest."""
