"""Microsoft's parser and binder of Kusto queries, as a judge of the allow-list of queries."""
