"""What SQL Server would be asked: SQLAlchemy writes T-SQL for pyodbc, and SQLite answers in SQL Server's place."""
