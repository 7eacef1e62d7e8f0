-- PurgeRuns.begin

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

INSERT INTO purge_runs (as_of, started_at, customers, rows_deleted) OUTPUT inserted.run_id VALUES (@p1, @p2, @p3, @p4)

GO

-- PurgeRuns.finish

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

INSERT INTO purge_run_results (run_id, finished_at, customers, rows_deleted) VALUES (@p1, @p2, @p3, @p4)

GO

-- PurgeRuns.latest

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT TOP 100 purge_runs.run_id, purge_runs.as_of, purge_runs.started_at, purge_run_results.finished_at, coalesce(purge_run_results.customers, @p1) AS customers, coalesce(purge_run_results.rows_deleted, @p2) AS rows_deleted
FROM purge_runs LEFT OUTER JOIN purge_run_results ON purge_run_results.run_id = purge_runs.run_id ORDER BY purge_runs.run_id DESC
