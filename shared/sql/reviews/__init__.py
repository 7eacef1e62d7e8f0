"""What the review desk stores: reviews, on-demand jobs, replays, customers."""
