"""Azure's names and values in words: `"hasBackends": true` is "Has backends: yes"."""

import re
from datetime import datetime
from decimal import Decimal

from shared.core.formats import moment, number

WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
ACRONYMS = {text.lower(): text for text in ("DDoS", "GB", "HNS", "IOPS", "IP", "NAT", "OS", "SKU", "SQL", "VM", "VPN")}
IMPLIED_ENDINGS = {"id", "count"}
"""The value shows that it is a name or a number."""

OWN_LABELS = {"diskMBpsReadWrite": "Disk MB per second", "vCores": "vCores", "managedBy": "Attached to"}
"""Where the words of the name say too little."""

POWER_STATE = "PowerState/"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
LONG_DECIMAL = re.compile(r"-?\d+\.\d{3,}")


def label(name: str) -> str:
    """Return the words of a property's name: `osDiskId` is "OS disk"."""
    words = [word.lower() for word in WORD.findall(name)]
    if len(words) > 1 and words[-1] in IMPLIED_ENDINGS:
        words.pop()
    text = " ".join(ACRONYMS.get(word, word) for word in words)
    return OWN_LABELS.get(name) or text[:1].upper() + text[1:]


def in_words(value: object) -> str:
    """Return a value of Azure's JSON: yes or no, a time in UTC, a resource's name, two decimals, members."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float | Decimal):
        return number(Decimal(str(value)), "")
    if isinstance(value, dict):
        return ", ".join(f"{label(name)}: {in_words(member)}" for name, member in value.items())
    if isinstance(value, list):
        return ", ".join(map(in_words, value))
    return text_in_words(value) if isinstance(value, str) else str(value)


def text_in_words(text: str) -> str:
    """Return a text that Azure wrote: times, resource ids, power states and long decimals in their readable form."""
    if TIME.fullmatch(text):
        return moment(datetime.fromisoformat(text))
    if LONG_DECIMAL.fullmatch(text):
        return number(Decimal(text), "")
    if text.lower().startswith("/subscriptions/"):
        return text.rstrip("/").rpartition("/")[2]
    return text.removeprefix(POWER_STATE)
