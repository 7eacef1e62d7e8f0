"""How values look on pages: amounts, charts, tables, labels."""
