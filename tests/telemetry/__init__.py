"""What is recorded of a run. In processes of their own: the SDK has one pipeline in each."""
