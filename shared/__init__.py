"""What more than one room uses. Imports no room."""
