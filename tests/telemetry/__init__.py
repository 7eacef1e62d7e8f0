"""What is told about a run. In processes of their own: the SDK has one pipeline in each."""
