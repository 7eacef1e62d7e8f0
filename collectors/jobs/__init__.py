"""On-demand jobs that a reviewer starts: queries, metrics, re-pulls."""
