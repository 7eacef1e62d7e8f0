-- PurgeRuns.begin

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

INSERT INTO purge_runs (as_of, started_at, customers, rows_deleted) OUTPUT inserted.run_id VALUES (@p1, @p2, @p3, @p4)

GO

-- PurgeRuns.finish

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

UPDATE purge_runs SET finished_at=@p1, customers=@p2, rows_deleted=@p3 WHERE purge_runs.run_id = @p4

GO

-- PurgeRuns.latest

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT TOP 100 purge_runs.run_id, purge_runs.as_of, purge_runs.started_at, purge_runs.finished_at, purge_runs.customers, purge_runs.rows_deleted
FROM purge_runs ORDER BY purge_runs.run_id DESC
