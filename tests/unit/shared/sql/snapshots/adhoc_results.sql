-- AdhocResults.add

DELETE FROM adhoc_results WHERE adhoc_results.tenant_id = @p1 AND adhoc_results.job_id = @p2

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO adhoc_results (job_id, tenant_id, scan_id, rows, total_rows, table_gzip, received_at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7)

GO

INSERT INTO adhoc_results (job_id, tenant_id, scan_id, rows, total_rows, table_gzip, received_at) VALUES (@p1, @p2, @p3, @p4, NULL, @p5, @p6)

GO

SELECT adhoc_results.job_id, adhoc_results.tenant_id, adhoc_results.scan_id, adhoc_results.rows, adhoc_results.total_rows, adhoc_results.table_gzip, adhoc_results.received_at
FROM adhoc_results
WHERE adhoc_results.tenant_id = @p1 AND adhoc_results.job_id = @p2

GO

UPDATE operator_jobs SET parts_done=@p1, cursor_json=@p2, lease_expires_at=@p3, updated_at=@p4 WHERE operator_jobs.tenant_id = @p5 AND operator_jobs.job_id = @p6 AND (operator_jobs.state NOT IN (@p7, @p8)) AND operator_jobs.lease_id = @p9

GO

-- AdhocResults.get

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT adhoc_results.job_id, adhoc_results.tenant_id, adhoc_results.scan_id, adhoc_results.rows, adhoc_results.total_rows, adhoc_results.table_gzip, adhoc_results.received_at
FROM adhoc_results
WHERE adhoc_results.tenant_id = @p1 AND adhoc_results.job_id = @p2
