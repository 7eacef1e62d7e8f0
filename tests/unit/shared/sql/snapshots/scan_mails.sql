-- ScanMails.write

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO outbox (mail_id, tenant_id, scan_id, kind, recipient, state, code, attempt, not_before, changed_at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10)

GO

SELECT outbox.kind
FROM outbox
WHERE outbox.tenant_id = @p1 AND outbox.scan_id = @p2

GO

SELECT scans.scan_id
FROM scans WITH (UPDLOCK)
WHERE scans.tenant_id = @p1 AND scans.scan_id = @p2
