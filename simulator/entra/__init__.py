"""The simulated Entra: sign-in, consent, tokens."""
