"""Files to take away: the page that lists them, and the job that builds large ones."""
