"""Remove from texts what must never be stored or logged."""

import re

REDACTED = "[redacted]"

SECRET_PATTERNS = (
    re.compile(r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"),  # JSON web tokens
    re.compile(r"-----BEGIN [A-Z ]+-----.*?(?:-----END [A-Z ]+-----|\Z)", re.DOTALL),  # PEM
    re.compile(r"(?i)(?<=sig=)[^&\s\"']+"),  # shared access signatures
    re.compile(r"(?i)(?<=accountkey=)[^;\s\"']+"),
    re.compile(r"(?i)(?<=sharedaccesskey=)[^;\s\"']+"),
    re.compile(r"(?i)\b(?:password|pwd|secret|client_secret)\s*[=:]\s*[^;,\s\"'}]+"),
    re.compile(r"(?i)\bbearer\s+[A-Za-z0-9._~+/-]{16,}=*"),
    re.compile(r"caleta_[A-Za-z0-9_-]{43}"),  # API tokens
    re.compile(r"gAAAAA[A-Za-z0-9_-]{40,}={0,2}"),  # Fernet
)


def redact(text: str) -> str:
    """Return the text with everything that looks like a secret replaced."""
    for pattern in SECRET_PATTERNS:
        text = pattern.sub(REDACTED, text)
    return text
