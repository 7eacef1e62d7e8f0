-- DueReviews.find

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT scans.tenant_id, scans.scan_id, reviews.claimed_by_name
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id
WHERE scans.status IN (@p1, @p2) AND reviews.published_at IS NULL AND NOT (EXISTS (SELECT outbox.mail_id
FROM outbox
WHERE outbox.tenant_id = scans.tenant_id AND outbox.scan_id = scans.scan_id AND outbox.kind = @p3)) AND scans.finished_at <= @p4 AND scans.finished_at > @p5 ORDER BY scans.finished_at, scans.scan_id
