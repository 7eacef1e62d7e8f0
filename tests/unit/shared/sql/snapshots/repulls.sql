-- Repulls.restate

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

UPDATE scans SET status=@p1, status_reason=@p2, drafting_ended_at=@p3 WHERE scans.tenant_id = @p4 AND scans.scan_id = @p5 AND scans.status = @p6
