"""Everything that speaks SQL: the engine, the tables, one repository module per table group."""
