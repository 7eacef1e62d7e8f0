-- ReviewQueue.find

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json
FROM scans
WHERE scans.scan_id = @p1

GO

-- ReviewQueue.newest

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT TOP 100 scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, reviews.taken_by, reviews.taken_by_name, reviews.taken_at, reviews.published_by, reviews.published_by_name, reviews.published_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id ORDER BY CASE WHEN (scans.status IN (@p1, @p2) AND reviews.published_at IS NULL) THEN @p3 ELSE @p4 END, scans.requested_at DESC, scans.scan_id

GO

SELECT anon_1.scan_id, count(*) AS subscriptions, sum(CASE WHEN (anon_1.missing = @p1) THEN @p2 ELSE @p3 END) AS in_full
FROM (SELECT steps.scan_id AS scan_id, sum(CASE WHEN (steps.status = @p4 AND steps.unread_json IS NULL AND steps.rows_set_aside = @p5) THEN @p6 ELSE @p7 END) AS missing
FROM scans JOIN steps ON steps.tenant_id = scans.tenant_id AND steps.scan_id = scans.scan_id
WHERE scans.scan_id IN (@p8) GROUP BY steps.scan_id, steps.subscription_id) AS anon_1 GROUP BY anon_1.scan_id

GO

SELECT anon_1.scan_id, count(*) AS subscriptions, sum(CASE WHEN (anon_1.missing = @p1) THEN @p2 ELSE @p3 END) AS in_full
FROM (SELECT steps.scan_id AS scan_id, sum(CASE WHEN (steps.status = @p4 AND steps.unread_json IS NULL AND steps.rows_set_aside = @p5) THEN @p6 ELSE @p7 END) AS missing
FROM scans JOIN steps ON steps.tenant_id = scans.tenant_id AND steps.scan_id = scans.scan_id
WHERE scans.scan_id IN (@p8, @p9) GROUP BY steps.scan_id, steps.subscription_id) AS anon_1 GROUP BY anon_1.scan_id

GO

SELECT cost_totals.scan_id, cost_totals.billing_currency, sum(cost_totals.billed_cost) AS billed_cost
FROM scans JOIN cost_totals ON cost_totals.tenant_id = scans.tenant_id AND cost_totals.scan_id = scans.scan_id
WHERE scans.scan_id IN (@p1) AND cost_totals.dimension = @p2 GROUP BY cost_totals.scan_id, cost_totals.billing_currency ORDER BY cost_totals.billing_currency

GO

SELECT cost_totals.scan_id, cost_totals.billing_currency, sum(cost_totals.billed_cost) AS billed_cost
FROM scans JOIN cost_totals ON cost_totals.tenant_id = scans.tenant_id AND cost_totals.scan_id = scans.scan_id
WHERE scans.scan_id IN (@p1, @p2) AND cost_totals.dimension = @p3 GROUP BY cost_totals.scan_id, cost_totals.billing_currency ORDER BY cost_totals.billing_currency
