"""The flow of a scan: plan, run, outcomes, finish, sweep."""
