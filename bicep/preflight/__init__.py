"""What a deployment looks at first: all that is missing comes in one list, and nothing has been begun."""
