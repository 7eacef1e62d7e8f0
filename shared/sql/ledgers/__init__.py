"""What is only ever appended: the activity log, the outbox, deletion mails."""
