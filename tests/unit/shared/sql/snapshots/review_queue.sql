-- ReviewQueue.counts

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT sum(CASE WHEN (scans.status IN (@p1, @p2) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN @p3 ELSE @p4 END) AS [open], sum(CASE WHEN (scans.status IN (@p5, @p6) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL AND reviews.claimed_by = @p7) THEN @p8 ELSE @p9 END) AS mine, sum(CASE WHEN (scans.status IN (@p10, @p11) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL AND reviews.claimed_by IS NULL) THEN @p12 ELSE @p13 END) AS unclaimed, sum(CASE WHEN (scans.status IN (@p14, @p15) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL AND scans.finished_at <= @p16) THEN @p17 ELSE @p18 END) AS overdue, sum(CASE WHEN (scans.status IN (@p19, @p20)) THEN @p21 ELSE @p22 END) AS running, sum(CASE WHEN (scans.status IN (@p23, @p24) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NOT NULL) THEN @p25 ELSE @p26 END) AS published, sum(CASE WHEN (scans.scan_id IS NOT NULL) THEN @p27 ELSE @p28 END) AS [all]
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id

GO

-- ReviewQueue.find

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json
FROM scans
WHERE scans.scan_id = @p1

GO

-- ReviewQueue.list

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT TOP 100 scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE scans.scan_id IS NOT NULL AND ((lower(connections.username) LIKE '%' + @p1 + '%' ESCAPE '/') OR (lower(scans.tenant_id) LIKE '%' + @p2 + '%' ESCAPE '/') OR (lower(scans.scan_id) LIKE '%' + @p3 + '%' ESCAPE '/')) AND NOT (scans.status IN (@p4, @p5) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) ORDER BY CASE WHEN (scans.status IN (@p6, @p7) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN @p8 WHEN (scans.status IN (@p9, @p10)) THEN @p11 WHEN (scans.status IN (@p12, @p13) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NOT NULL) THEN @p14 ELSE @p15 END, CASE WHEN (scans.status IN (@p16, @p17) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN scans.finished_at END, scans.requested_at DESC, scans.scan_id

GO

SELECT TOP 100 scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE scans.scan_id IS NOT NULL AND NOT (scans.status IN (@p1, @p2) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) ORDER BY CASE WHEN (scans.status IN (@p3, @p4) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN @p5 WHEN (scans.status IN (@p6, @p7)) THEN @p8 WHEN (scans.status IN (@p9, @p10) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NOT NULL) THEN @p11 ELSE @p12 END, CASE WHEN (scans.status IN (@p13, @p14) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN scans.finished_at END, scans.requested_at DESC, scans.scan_id

GO

SELECT TOP 100 scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE scans.status IN (@p1, @p2) AND NOT (scans.status IN (@p3, @p4) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) ORDER BY CASE WHEN (scans.status IN (@p5, @p6) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN @p7 WHEN (scans.status IN (@p8, @p9)) THEN @p10 WHEN (scans.status IN (@p11, @p12) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NOT NULL) THEN @p13 ELSE @p14 END, CASE WHEN (scans.status IN (@p15, @p16) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN scans.finished_at END, scans.requested_at DESC, scans.scan_id

GO

SELECT TOP 100 scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE scans.status IN (@p1, @p2) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NOT NULL AND NOT (scans.status IN (@p3, @p4) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) ORDER BY CASE WHEN (scans.status IN (@p5, @p6) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN @p7 WHEN (scans.status IN (@p8, @p9)) THEN @p10 WHEN (scans.status IN (@p11, @p12) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NOT NULL) THEN @p13 ELSE @p14 END, CASE WHEN (scans.status IN (@p15, @p16) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN scans.finished_at END, scans.requested_at DESC, scans.scan_id

GO

SELECT TOP 100 scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE scans.status IN (@p1, @p2) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL AND ((lower(connections.username) LIKE '%' + @p3 + '%' ESCAPE '/') OR (lower(scans.tenant_id) LIKE '%' + @p4 + '%' ESCAPE '/') OR (lower(scans.scan_id) LIKE '%' + @p5 + '%' ESCAPE '/')) AND NOT (scans.status IN (@p6, @p7) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) ORDER BY CASE WHEN (scans.status IN (@p8, @p9) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN @p10 WHEN (scans.status IN (@p11, @p12)) THEN @p13 WHEN (scans.status IN (@p14, @p15) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NOT NULL) THEN @p16 ELSE @p17 END, CASE WHEN (scans.status IN (@p18, @p19) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN scans.finished_at END, scans.requested_at DESC, scans.scan_id

GO

SELECT TOP 100 scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE scans.status IN (@p1, @p2) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL AND NOT (scans.status IN (@p3, @p4) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) ORDER BY CASE WHEN (scans.status IN (@p5, @p6) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN @p7 WHEN (scans.status IN (@p8, @p9)) THEN @p10 WHEN (scans.status IN (@p11, @p12) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NOT NULL) THEN @p13 ELSE @p14 END, CASE WHEN (scans.status IN (@p15, @p16) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN scans.finished_at END, scans.requested_at DESC, scans.scan_id

GO

SELECT TOP 100 scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE scans.status IN (@p1, @p2) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL AND reviews.claimed_by = @p3 AND NOT (scans.status IN (@p4, @p5) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) ORDER BY CASE WHEN (scans.status IN (@p6, @p7) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN @p8 WHEN (scans.status IN (@p9, @p10)) THEN @p11 WHEN (scans.status IN (@p12, @p13) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NOT NULL) THEN @p14 ELSE @p15 END, CASE WHEN (scans.status IN (@p16, @p17) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN scans.finished_at END, scans.requested_at DESC, scans.scan_id

GO

SELECT TOP 100 scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE scans.status IN (@p1, @p2) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL AND reviews.claimed_by IS NULL AND NOT (scans.status IN (@p3, @p4) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) ORDER BY CASE WHEN (scans.status IN (@p5, @p6) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN @p7 WHEN (scans.status IN (@p8, @p9)) THEN @p10 WHEN (scans.status IN (@p11, @p12) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NOT NULL) THEN @p13 ELSE @p14 END, CASE WHEN (scans.status IN (@p15, @p16) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN scans.finished_at END, scans.requested_at DESC, scans.scan_id

GO

SELECT TOP 100 scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE scans.status IN (@p1, @p2) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL AND scans.finished_at <= @p3 AND NOT (scans.status IN (@p4, @p5) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) ORDER BY CASE WHEN (scans.status IN (@p6, @p7) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN @p8 WHEN (scans.status IN (@p9, @p10)) THEN @p11 WHEN (scans.status IN (@p12, @p13) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NOT NULL) THEN @p14 ELSE @p15 END, CASE WHEN (scans.status IN (@p16, @p17) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN scans.finished_at END, scans.requested_at DESC, scans.scan_id

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

GO

SELECT scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE scans.scan_id IS NOT NULL AND ((lower(connections.username) LIKE '%' + @p1 + '%' ESCAPE '/') OR (lower(scans.tenant_id) LIKE '%' + @p2 + '%' ESCAPE '/') OR (lower(scans.scan_id) LIKE '%' + @p3 + '%' ESCAPE '/')) AND scans.status IN (@p4, @p5) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL ORDER BY CASE WHEN (scans.status IN (@p6, @p7) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN @p8 WHEN (scans.status IN (@p9, @p10)) THEN @p11 WHEN (scans.status IN (@p12, @p13) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NOT NULL) THEN @p14 ELSE @p15 END, CASE WHEN (scans.status IN (@p16, @p17) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN scans.finished_at END, scans.requested_at DESC, scans.scan_id

GO

SELECT scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE scans.scan_id IS NOT NULL AND scans.status IN (@p1, @p2) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL ORDER BY CASE WHEN (scans.status IN (@p3, @p4) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN @p5 WHEN (scans.status IN (@p6, @p7)) THEN @p8 WHEN (scans.status IN (@p9, @p10) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NOT NULL) THEN @p11 ELSE @p12 END, CASE WHEN (scans.status IN (@p13, @p14) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN scans.finished_at END, scans.requested_at DESC, scans.scan_id

GO

SELECT scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE scans.status IN (@p1, @p2) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NOT NULL AND scans.status IN (@p3, @p4) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL ORDER BY CASE WHEN (scans.status IN (@p5, @p6) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN @p7 WHEN (scans.status IN (@p8, @p9)) THEN @p10 WHEN (scans.status IN (@p11, @p12) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NOT NULL) THEN @p13 ELSE @p14 END, CASE WHEN (scans.status IN (@p15, @p16) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN scans.finished_at END, scans.requested_at DESC, scans.scan_id

GO

SELECT scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE scans.status IN (@p1, @p2) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL AND ((lower(connections.username) LIKE '%' + @p3 + '%' ESCAPE '/') OR (lower(scans.tenant_id) LIKE '%' + @p4 + '%' ESCAPE '/') OR (lower(scans.scan_id) LIKE '%' + @p5 + '%' ESCAPE '/')) AND scans.status IN (@p6, @p7) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL ORDER BY CASE WHEN (scans.status IN (@p8, @p9) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN @p10 WHEN (scans.status IN (@p11, @p12)) THEN @p13 WHEN (scans.status IN (@p14, @p15) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NOT NULL) THEN @p16 ELSE @p17 END, CASE WHEN (scans.status IN (@p18, @p19) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN scans.finished_at END, scans.requested_at DESC, scans.scan_id

GO

SELECT scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE scans.status IN (@p1, @p2) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL AND reviews.claimed_by = @p3 AND scans.status IN (@p4, @p5) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL ORDER BY CASE WHEN (scans.status IN (@p6, @p7) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN @p8 WHEN (scans.status IN (@p9, @p10)) THEN @p11 WHEN (scans.status IN (@p12, @p13) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NOT NULL) THEN @p14 ELSE @p15 END, CASE WHEN (scans.status IN (@p16, @p17) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN scans.finished_at END, scans.requested_at DESC, scans.scan_id

GO

SELECT scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE scans.status IN (@p1, @p2) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL AND reviews.claimed_by IS NULL AND scans.status IN (@p3, @p4) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL ORDER BY CASE WHEN (scans.status IN (@p5, @p6) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN @p7 WHEN (scans.status IN (@p8, @p9)) THEN @p10 WHEN (scans.status IN (@p11, @p12) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NOT NULL) THEN @p13 ELSE @p14 END, CASE WHEN (scans.status IN (@p15, @p16) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN scans.finished_at END, scans.requested_at DESC, scans.scan_id

GO

SELECT scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE scans.status IN (@p1, @p2) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL AND scans.finished_at <= @p3 AND scans.status IN (@p4, @p5) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL ORDER BY CASE WHEN (scans.status IN (@p6, @p7) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN @p8 WHEN (scans.status IN (@p9, @p10)) THEN @p11 WHEN (scans.status IN (@p12, @p13) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NOT NULL) THEN @p14 ELSE @p15 END, CASE WHEN (scans.status IN (@p16, @p17) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN scans.finished_at END, scans.requested_at DESC, scans.scan_id

GO

SELECT scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE scans.status IN (@p1, @p2) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL AND scans.status IN (@p3, @p4) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL ORDER BY CASE WHEN (scans.status IN (@p5, @p6) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN @p7 WHEN (scans.status IN (@p8, @p9)) THEN @p10 WHEN (scans.status IN (@p11, @p12) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NOT NULL) THEN @p13 ELSE @p14 END, CASE WHEN (scans.status IN (@p15, @p16) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN scans.finished_at END, scans.requested_at DESC, scans.scan_id

GO

SELECT scans.tenant_id, scans.scan_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.left_out_json, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at, connections.username
FROM scans LEFT OUTER JOIN reviews ON reviews.tenant_id = scans.tenant_id AND reviews.scan_id = scans.scan_id LEFT OUTER JOIN connections ON connections.tenant_id = scans.tenant_id AND connections.user_object_id = scans.user_object_id
WHERE scans.status IN (@p1, @p2) AND scans.status IN (@p3, @p4) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL ORDER BY CASE WHEN (scans.status IN (@p5, @p6) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN @p7 WHEN (scans.status IN (@p8, @p9)) THEN @p10 WHEN (scans.status IN (@p11, @p12) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NOT NULL) THEN @p13 ELSE @p14 END, CASE WHEN (scans.status IN (@p15, @p16) AND scans.finished_at IS NOT NULL AND reviews.published_at IS NULL) THEN scans.finished_at END, scans.requested_at DESC, scans.scan_id
