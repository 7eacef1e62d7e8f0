-- Subscriptions.quota_ids

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT lower(subscriptions.subscription_id) AS lower_1, subscriptions.quota_id
FROM subscriptions
WHERE subscriptions.tenant_id = @p1 AND subscriptions.scan_id = @p2

GO

-- Subscriptions.replace

DELETE FROM subscriptions WHERE subscriptions.tenant_id = @p1 AND subscriptions.scan_id = @p2

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO subscriptions (tenant_id, scan_id, subscription_id, state, quota_id) VALUES (@p1, @p2, @p3, @p4, @p5)

GO

INSERT INTO subscriptions (tenant_id, scan_id, subscription_id, state, quota_id) VALUES (@p1, @p2, @p3, @p4, NULL)

GO

SELECT scans.scan_id
FROM scans WITH (UPDLOCK)
WHERE scans.tenant_id = @p1 AND scans.scan_id = @p2
