"""What can be stored of a finding, and the size of the form that follows from it."""

from web.http.forms import long_text_form

TITLE_CHARACTERS = 300
TEXT_BYTES = 100_000
OWNER_CHARACTERS = 320

FINDING_FORM = long_text_form(TEXT_BYTES)
