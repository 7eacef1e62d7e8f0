-- Holdings.counts

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT steps.collector, steps.scan_id, sum(steps.rows) AS sum_1
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p2 AND scans.user_object_id = @p3) GROUP BY steps.collector, steps.scan_id UNION ALL SELECT 'metric_series', metric_series.scan_id, count(*) AS count_1
FROM metric_series
WHERE metric_series.tenant_id = @p4 AND metric_series.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p5 AND scans.user_object_id = @p6) GROUP BY metric_series.scan_id UNION ALL SELECT 'adhoc_results', adhoc_results.scan_id, count(*) AS count_2
FROM adhoc_results
WHERE adhoc_results.tenant_id = @p7 AND adhoc_results.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p8 AND scans.user_object_id = @p9) GROUP BY adhoc_results.scan_id UNION ALL SELECT 'job_pages', job_pages.scan_id, count(*) AS count_3
FROM job_pages
WHERE job_pages.tenant_id = @p10 AND job_pages.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p11 AND scans.user_object_id = @p12) GROUP BY job_pages.scan_id UNION ALL SELECT 'operator_jobs', operator_jobs.scan_id, count(*) AS count_4
FROM operator_jobs
WHERE operator_jobs.tenant_id = @p13 AND operator_jobs.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p14 AND scans.user_object_id = @p15) GROUP BY operator_jobs.scan_id UNION ALL SELECT 'reviews', reviews.scan_id, count(*) AS count_5
FROM reviews
WHERE reviews.tenant_id = @p16 AND reviews.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p17 AND scans.user_object_id = @p18) GROUP BY reviews.scan_id UNION ALL SELECT 'finding_savings', finding_savings.scan_id, count(*) AS count_6
FROM finding_savings
WHERE finding_savings.tenant_id = @p19 AND finding_savings.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p20 AND scans.user_object_id = @p21) GROUP BY finding_savings.scan_id UNION ALL SELECT 'finding_resources', finding_resources.scan_id, count(*) AS count_7
FROM finding_resources
WHERE finding_resources.tenant_id = @p22 AND finding_resources.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p23 AND scans.user_object_id = @p24) GROUP BY finding_resources.scan_id UNION ALL SELECT 'finding_versions', finding_versions.scan_id, count(*) AS count_8
FROM finding_versions
WHERE finding_versions.tenant_id = @p25 AND finding_versions.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p26 AND scans.user_object_id = @p27) GROUP BY finding_versions.scan_id UNION ALL SELECT 'finding_proposals', finding_proposals.scan_id, count(*) AS count_9
FROM finding_proposals
WHERE finding_proposals.tenant_id = @p28 AND finding_proposals.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p29 AND scans.user_object_id = @p30) GROUP BY finding_proposals.scan_id UNION ALL SELECT 'findings', findings.scan_id, count(*) AS count_10
FROM findings
WHERE findings.tenant_id = @p31 AND findings.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p32 AND scans.user_object_id = @p33) GROUP BY findings.scan_id UNION ALL SELECT 'finding_states', finding_states.scan_id, count(*) AS count_11
FROM finding_states
WHERE finding_states.tenant_id = @p34 AND finding_states.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p35 AND scans.user_object_id = @p36) GROUP BY finding_states.scan_id UNION ALL SELECT 'finding_ledger', finding_ledger.scan_id, count(*) AS count_12
FROM finding_ledger
WHERE finding_ledger.tenant_id = @p37 AND finding_ledger.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p38 AND scans.user_object_id = @p39) GROUP BY finding_ledger.scan_id UNION ALL SELECT 'subscriptions', subscriptions.scan_id, count(*) AS count_13
FROM subscriptions
WHERE subscriptions.tenant_id = @p40 AND subscriptions.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p41 AND scans.user_object_id = @p42) GROUP BY subscriptions.scan_id UNION ALL SELECT 'outbox', outbox.scan_id, count(*) AS count_14
FROM outbox
WHERE outbox.tenant_id = @p43 AND outbox.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p44 AND scans.user_object_id = @p45) GROUP BY outbox.scan_id UNION ALL SELECT 'cost_totals', cost_totals.scan_id, count(*) AS count_15
FROM cost_totals
WHERE cost_totals.tenant_id = @p46 AND cost_totals.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p47 AND scans.user_object_id = @p48) GROUP BY cost_totals.scan_id UNION ALL SELECT 'charge_totals', charge_totals.scan_id, count(*) AS count_16
FROM charge_totals
WHERE charge_totals.tenant_id = @p49 AND charge_totals.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p50 AND scans.user_object_id = @p51) GROUP BY charge_totals.scan_id UNION ALL SELECT 'steps', steps.scan_id, count(*) AS count_17
FROM steps
WHERE steps.tenant_id = @p52 AND steps.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p53 AND scans.user_object_id = @p54) GROUP BY steps.scan_id UNION ALL SELECT 'scans', scans.scan_id, count(*) AS count_18
FROM scans
WHERE scans.tenant_id = @p55 AND scans.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p56 AND scans.user_object_id = @p57) GROUP BY scans.scan_id UNION ALL SELECT 'raw_pages', raw_pages.scan_id, count(*) AS count_19
FROM raw_pages
WHERE raw_pages.tenant_id = @p58 AND raw_pages.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p59 AND scans.user_object_id = @p60) GROUP BY raw_pages.scan_id UNION ALL SELECT 'connections', NULL AS anon_1, count(*) AS count_20
FROM connections
WHERE connections.tenant_id = @p61 AND connections.user_object_id = @p62

GO

SELECT steps.collector, steps.scan_id, sum(steps.rows) AS sum_1
FROM steps
WHERE steps.tenant_id = @p1 GROUP BY steps.collector, steps.scan_id UNION ALL SELECT 'metric_series', metric_series.scan_id, count(*) AS count_1
FROM metric_series
WHERE metric_series.tenant_id = @p2 GROUP BY metric_series.scan_id UNION ALL SELECT 'adhoc_results', adhoc_results.scan_id, count(*) AS count_2
FROM adhoc_results
WHERE adhoc_results.tenant_id = @p3 GROUP BY adhoc_results.scan_id UNION ALL SELECT 'job_pages', job_pages.scan_id, count(*) AS count_3
FROM job_pages
WHERE job_pages.tenant_id = @p4 GROUP BY job_pages.scan_id UNION ALL SELECT 'operator_jobs', operator_jobs.scan_id, count(*) AS count_4
FROM operator_jobs
WHERE operator_jobs.tenant_id = @p5 GROUP BY operator_jobs.scan_id UNION ALL SELECT 'reviews', reviews.scan_id, count(*) AS count_5
FROM reviews
WHERE reviews.tenant_id = @p6 GROUP BY reviews.scan_id UNION ALL SELECT 'finding_savings', finding_savings.scan_id, count(*) AS count_6
FROM finding_savings
WHERE finding_savings.tenant_id = @p7 GROUP BY finding_savings.scan_id UNION ALL SELECT 'finding_resources', finding_resources.scan_id, count(*) AS count_7
FROM finding_resources
WHERE finding_resources.tenant_id = @p8 GROUP BY finding_resources.scan_id UNION ALL SELECT 'finding_versions', finding_versions.scan_id, count(*) AS count_8
FROM finding_versions
WHERE finding_versions.tenant_id = @p9 GROUP BY finding_versions.scan_id UNION ALL SELECT 'finding_proposals', finding_proposals.scan_id, count(*) AS count_9
FROM finding_proposals
WHERE finding_proposals.tenant_id = @p10 GROUP BY finding_proposals.scan_id UNION ALL SELECT 'findings', findings.scan_id, count(*) AS count_10
FROM findings
WHERE findings.tenant_id = @p11 GROUP BY findings.scan_id UNION ALL SELECT 'finding_states', finding_states.scan_id, count(*) AS count_11
FROM finding_states
WHERE finding_states.tenant_id = @p12 GROUP BY finding_states.scan_id UNION ALL SELECT 'finding_ledger', finding_ledger.scan_id, count(*) AS count_12
FROM finding_ledger
WHERE finding_ledger.tenant_id = @p13 GROUP BY finding_ledger.scan_id UNION ALL SELECT 'subscriptions', subscriptions.scan_id, count(*) AS count_13
FROM subscriptions
WHERE subscriptions.tenant_id = @p14 GROUP BY subscriptions.scan_id UNION ALL SELECT 'outbox', outbox.scan_id, count(*) AS count_14
FROM outbox
WHERE outbox.tenant_id = @p15 AND outbox.kind != @p16 GROUP BY outbox.scan_id UNION ALL SELECT 'cost_totals', cost_totals.scan_id, count(*) AS count_15
FROM cost_totals
WHERE cost_totals.tenant_id = @p17 GROUP BY cost_totals.scan_id UNION ALL SELECT 'charge_totals', charge_totals.scan_id, count(*) AS count_16
FROM charge_totals
WHERE charge_totals.tenant_id = @p18 GROUP BY charge_totals.scan_id UNION ALL SELECT 'steps', steps.scan_id, count(*) AS count_17
FROM steps
WHERE steps.tenant_id = @p19 GROUP BY steps.scan_id UNION ALL SELECT 'scans', scans.scan_id, count(*) AS count_18
FROM scans
WHERE scans.tenant_id = @p20 GROUP BY scans.scan_id UNION ALL SELECT 'raw_pages', raw_pages.scan_id, count(*) AS count_19
FROM raw_pages
WHERE raw_pages.tenant_id = @p21 GROUP BY raw_pages.scan_id UNION ALL SELECT 'connections', NULL AS anon_1, count(*) AS count_20
FROM connections
WHERE connections.tenant_id = @p22 UNION ALL SELECT 'dead_letters', NULL AS anon_1, count(*) AS count_21
FROM dead_letters
WHERE dead_letters.tenant_id = @p23

GO

-- Holdings.of_user

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT raw_pages.scan_id, sum(CAST(datalength(raw_pages.body_gzip) AS BIGINT)) AS sum_1
FROM raw_pages
WHERE raw_pages.tenant_id = @p1 AND raw_pages.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p2 AND scans.user_object_id = @p3) GROUP BY raw_pages.scan_id

GO

SELECT steps.collector, steps.scan_id, sum(steps.rows) AS sum_1
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p2 AND scans.user_object_id = @p3) GROUP BY steps.collector, steps.scan_id UNION ALL SELECT 'metric_series', metric_series.scan_id, count(*) AS count_1
FROM metric_series
WHERE metric_series.tenant_id = @p4 AND metric_series.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p5 AND scans.user_object_id = @p6) GROUP BY metric_series.scan_id UNION ALL SELECT 'adhoc_results', adhoc_results.scan_id, count(*) AS count_2
FROM adhoc_results
WHERE adhoc_results.tenant_id = @p7 AND adhoc_results.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p8 AND scans.user_object_id = @p9) GROUP BY adhoc_results.scan_id UNION ALL SELECT 'job_pages', job_pages.scan_id, count(*) AS count_3
FROM job_pages
WHERE job_pages.tenant_id = @p10 AND job_pages.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p11 AND scans.user_object_id = @p12) GROUP BY job_pages.scan_id UNION ALL SELECT 'operator_jobs', operator_jobs.scan_id, count(*) AS count_4
FROM operator_jobs
WHERE operator_jobs.tenant_id = @p13 AND operator_jobs.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p14 AND scans.user_object_id = @p15) GROUP BY operator_jobs.scan_id UNION ALL SELECT 'reviews', reviews.scan_id, count(*) AS count_5
FROM reviews
WHERE reviews.tenant_id = @p16 AND reviews.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p17 AND scans.user_object_id = @p18) GROUP BY reviews.scan_id UNION ALL SELECT 'finding_savings', finding_savings.scan_id, count(*) AS count_6
FROM finding_savings
WHERE finding_savings.tenant_id = @p19 AND finding_savings.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p20 AND scans.user_object_id = @p21) GROUP BY finding_savings.scan_id UNION ALL SELECT 'finding_resources', finding_resources.scan_id, count(*) AS count_7
FROM finding_resources
WHERE finding_resources.tenant_id = @p22 AND finding_resources.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p23 AND scans.user_object_id = @p24) GROUP BY finding_resources.scan_id UNION ALL SELECT 'finding_versions', finding_versions.scan_id, count(*) AS count_8
FROM finding_versions
WHERE finding_versions.tenant_id = @p25 AND finding_versions.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p26 AND scans.user_object_id = @p27) GROUP BY finding_versions.scan_id UNION ALL SELECT 'finding_proposals', finding_proposals.scan_id, count(*) AS count_9
FROM finding_proposals
WHERE finding_proposals.tenant_id = @p28 AND finding_proposals.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p29 AND scans.user_object_id = @p30) GROUP BY finding_proposals.scan_id UNION ALL SELECT 'findings', findings.scan_id, count(*) AS count_10
FROM findings
WHERE findings.tenant_id = @p31 AND findings.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p32 AND scans.user_object_id = @p33) GROUP BY findings.scan_id UNION ALL SELECT 'finding_states', finding_states.scan_id, count(*) AS count_11
FROM finding_states
WHERE finding_states.tenant_id = @p34 AND finding_states.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p35 AND scans.user_object_id = @p36) GROUP BY finding_states.scan_id UNION ALL SELECT 'finding_ledger', finding_ledger.scan_id, count(*) AS count_12
FROM finding_ledger
WHERE finding_ledger.tenant_id = @p37 AND finding_ledger.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p38 AND scans.user_object_id = @p39) GROUP BY finding_ledger.scan_id UNION ALL SELECT 'subscriptions', subscriptions.scan_id, count(*) AS count_13
FROM subscriptions
WHERE subscriptions.tenant_id = @p40 AND subscriptions.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p41 AND scans.user_object_id = @p42) GROUP BY subscriptions.scan_id UNION ALL SELECT 'outbox', outbox.scan_id, count(*) AS count_14
FROM outbox
WHERE outbox.tenant_id = @p43 AND outbox.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p44 AND scans.user_object_id = @p45) GROUP BY outbox.scan_id UNION ALL SELECT 'cost_totals', cost_totals.scan_id, count(*) AS count_15
FROM cost_totals
WHERE cost_totals.tenant_id = @p46 AND cost_totals.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p47 AND scans.user_object_id = @p48) GROUP BY cost_totals.scan_id UNION ALL SELECT 'charge_totals', charge_totals.scan_id, count(*) AS count_16
FROM charge_totals
WHERE charge_totals.tenant_id = @p49 AND charge_totals.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p50 AND scans.user_object_id = @p51) GROUP BY charge_totals.scan_id UNION ALL SELECT 'steps', steps.scan_id, count(*) AS count_17
FROM steps
WHERE steps.tenant_id = @p52 AND steps.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p53 AND scans.user_object_id = @p54) GROUP BY steps.scan_id UNION ALL SELECT 'scans', scans.scan_id, count(*) AS count_18
FROM scans
WHERE scans.tenant_id = @p55 AND scans.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p56 AND scans.user_object_id = @p57) GROUP BY scans.scan_id UNION ALL SELECT 'raw_pages', raw_pages.scan_id, count(*) AS count_19
FROM raw_pages
WHERE raw_pages.tenant_id = @p58 AND raw_pages.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p59 AND scans.user_object_id = @p60) GROUP BY raw_pages.scan_id UNION ALL SELECT 'connections', NULL AS anon_1, count(*) AS count_20
FROM connections
WHERE connections.tenant_id = @p61 AND connections.user_object_id = @p62

GO

-- Holdings.reader

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

-- Holdings.slices

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT steps.scan_id, steps.collector, steps.step_id, steps.subscription_id, raw_pages.page_number, CAST(datalength(raw_pages.body_gzip) AS BIGINT) AS datalength_1
FROM steps JOIN raw_pages ON raw_pages.tenant_id = steps.tenant_id AND raw_pages.scan_id = steps.scan_id AND raw_pages.step_id = steps.step_id
WHERE steps.tenant_id = @p1 AND raw_pages.tenant_id = @p2 ORDER BY steps.step_id, raw_pages.page_number

GO

SELECT steps.scan_id, steps.collector, steps.step_id, steps.subscription_id, raw_pages.page_number, CAST(datalength(raw_pages.body_gzip) AS BIGINT) AS datalength_1
FROM steps JOIN raw_pages ON raw_pages.tenant_id = steps.tenant_id AND raw_pages.scan_id = steps.scan_id AND raw_pages.step_id = steps.step_id
WHERE steps.tenant_id = @p1 AND steps.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p2 AND scans.user_object_id = @p3) AND raw_pages.tenant_id = @p4 AND raw_pages.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p5 AND scans.user_object_id = @p6) ORDER BY steps.step_id, raw_pages.page_number

GO

-- Reader._rows

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT adhoc_results.job_id, adhoc_results.tenant_id, adhoc_results.scan_id, adhoc_results.rows, adhoc_results.total_rows, adhoc_results.table_gzip, adhoc_results.received_at
FROM adhoc_results
WHERE adhoc_results.tenant_id = @p1 AND adhoc_results.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p2 AND scans.user_object_id = @p3) ORDER BY adhoc_results.job_id

GO

SELECT adhoc_results.job_id, adhoc_results.tenant_id, adhoc_results.scan_id, adhoc_results.rows, adhoc_results.total_rows, adhoc_results.table_gzip, adhoc_results.received_at
FROM adhoc_results
WHERE adhoc_results.tenant_id = @p1 ORDER BY adhoc_results.job_id

GO

SELECT charge_totals.total_id, charge_totals.tenant_id, charge_totals.scan_id, charge_totals.cost_view, charge_totals.billing_currency, charge_totals.charge_period_start, charge_totals.service_name, charge_totals.charge_type, charge_totals.pricing_category, charge_totals.commitment_discount_type, charge_totals.publisher, charge_totals.cost
FROM charge_totals
WHERE charge_totals.tenant_id = @p1 AND charge_totals.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p2 AND scans.user_object_id = @p3) ORDER BY charge_totals.total_id

GO

SELECT charge_totals.total_id, charge_totals.tenant_id, charge_totals.scan_id, charge_totals.cost_view, charge_totals.billing_currency, charge_totals.charge_period_start, charge_totals.service_name, charge_totals.charge_type, charge_totals.pricing_category, charge_totals.commitment_discount_type, charge_totals.publisher, charge_totals.cost
FROM charge_totals
WHERE charge_totals.tenant_id = @p1 ORDER BY charge_totals.total_id

GO

SELECT connections.tenant_id, connections.user_object_id, connections.username, connections.state, connections.state_reason, connections.claims_challenge, connections.version, connections.consented_at, connections.mail_address
FROM connections
WHERE connections.tenant_id = @p1

GO

SELECT connections.tenant_id, connections.user_object_id, connections.username, connections.state, connections.state_reason, connections.claims_challenge, connections.version, connections.consented_at, connections.mail_address
FROM connections
WHERE connections.tenant_id = @p1 AND connections.user_object_id = @p2

GO

SELECT cost_totals.total_id, cost_totals.tenant_id, cost_totals.scan_id, cost_totals.dimension, cost_totals.value, cost_totals.billing_currency, cost_totals.charge_period_start, cost_totals.billed_cost, cost_totals.tag_name, cost_totals.line_items, cost_totals.value_count
FROM cost_totals
WHERE cost_totals.tenant_id = @p1 AND cost_totals.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p2 AND scans.user_object_id = @p3) ORDER BY cost_totals.total_id

GO

SELECT cost_totals.total_id, cost_totals.tenant_id, cost_totals.scan_id, cost_totals.dimension, cost_totals.value, cost_totals.billing_currency, cost_totals.charge_period_start, cost_totals.billed_cost, cost_totals.tag_name, cost_totals.line_items, cost_totals.value_count
FROM cost_totals
WHERE cost_totals.tenant_id = @p1 ORDER BY cost_totals.total_id

GO

SELECT finding_ledger.ledger_id, finding_ledger.tenant_id, finding_ledger.finding_key, finding_ledger.resource_key, finding_ledger.title, finding_ledger.measure, finding_ledger.resource_id, finding_ledger.resource_name, finding_ledger.resource_type, finding_ledger.sub_account_id, finding_ledger.resource_group, finding_ledger.first_scan_id, finding_ledger.first_reported_at, finding_ledger.scan_id, finding_ledger.observed_at, finding_ledger.fate, finding_ledger.fate_since, finding_ledger.first_month, finding_ledger.open_until, finding_ledger.estimated_json, finding_ledger.last_estimated_json, finding_ledger.returned_at, finding_ledger.moved_from, finding_ledger.months_json, finding_ledger.realized_json, finding_ledger.billed_since_json
FROM finding_ledger
WHERE finding_ledger.tenant_id = @p1 AND finding_ledger.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p2 AND scans.user_object_id = @p3) ORDER BY finding_ledger.ledger_id

GO

SELECT finding_ledger.ledger_id, finding_ledger.tenant_id, finding_ledger.finding_key, finding_ledger.resource_key, finding_ledger.title, finding_ledger.measure, finding_ledger.resource_id, finding_ledger.resource_name, finding_ledger.resource_type, finding_ledger.sub_account_id, finding_ledger.resource_group, finding_ledger.first_scan_id, finding_ledger.first_reported_at, finding_ledger.scan_id, finding_ledger.observed_at, finding_ledger.fate, finding_ledger.fate_since, finding_ledger.first_month, finding_ledger.open_until, finding_ledger.estimated_json, finding_ledger.last_estimated_json, finding_ledger.returned_at, finding_ledger.moved_from, finding_ledger.months_json, finding_ledger.realized_json, finding_ledger.billed_since_json
FROM finding_ledger
WHERE finding_ledger.tenant_id = @p1 ORDER BY finding_ledger.ledger_id

GO

SELECT finding_states.tenant_id, finding_states.user_object_id, finding_states.finding_key, finding_states.scan_id, finding_states.decision, finding_states.reason, finding_states.decided_at, finding_states.decided_by, finding_states.version, finding_states.resources_json, finding_states.owner, finding_states.due_on, finding_states.note, finding_states.previous_json
FROM finding_states
WHERE finding_states.tenant_id = @p1 AND finding_states.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p2 AND scans.user_object_id = @p3) ORDER BY finding_states.tenant_id, finding_states.user_object_id, finding_states.finding_key

GO

SELECT finding_states.tenant_id, finding_states.user_object_id, finding_states.finding_key, finding_states.scan_id, finding_states.decision, finding_states.reason, finding_states.decided_at, finding_states.decided_by, finding_states.version, finding_states.resources_json, finding_states.owner, finding_states.due_on, finding_states.note, finding_states.previous_json
FROM finding_states
WHERE finding_states.tenant_id = @p1 ORDER BY finding_states.tenant_id, finding_states.user_object_id, finding_states.finding_key

GO

SELECT job_pages.job_id, job_pages.page_number, job_pages.tenant_id, job_pages.scan_id, job_pages.status, job_pages.body_gzip, job_pages.received_at
FROM job_pages
WHERE job_pages.tenant_id = @p1 AND job_pages.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p2 AND scans.user_object_id = @p3) ORDER BY job_pages.job_id, job_pages.page_number

GO

SELECT job_pages.job_id, job_pages.page_number, job_pages.tenant_id, job_pages.scan_id, job_pages.status, job_pages.body_gzip, job_pages.received_at
FROM job_pages
WHERE job_pages.tenant_id = @p1 ORDER BY job_pages.job_id, job_pages.page_number

GO

SELECT metric_series.job_id, metric_series.series_number, metric_series.tenant_id, metric_series.scan_id, metric_series.resource_id, metric_series.metric_name, metric_series.unit, metric_series.starts_at, metric_series.step_seconds, metric_series.points, metric_series.missing, metric_series.average, metric_series.p95, metric_series.maximum, metric_series.points_gzip
FROM metric_series
WHERE metric_series.tenant_id = @p1 AND metric_series.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p2 AND scans.user_object_id = @p3) ORDER BY metric_series.job_id, metric_series.series_number

GO

SELECT metric_series.job_id, metric_series.series_number, metric_series.tenant_id, metric_series.scan_id, metric_series.resource_id, metric_series.metric_name, metric_series.unit, metric_series.starts_at, metric_series.step_seconds, metric_series.points, metric_series.missing, metric_series.average, metric_series.p95, metric_series.maximum, metric_series.points_gzip
FROM metric_series
WHERE metric_series.tenant_id = @p1 ORDER BY metric_series.job_id, metric_series.series_number

GO

SELECT operator_jobs.job_id, operator_jobs.tenant_id, operator_jobs.scan_id, operator_jobs.kind, operator_jobs.title, operator_jobs.parameters_json, operator_jobs.reason, operator_jobs.requested_by, operator_jobs.requested_by_name, operator_jobs.requested_at, operator_jobs.state, operator_jobs.state_reason, operator_jobs.summary, operator_jobs.parts, operator_jobs.parts_done, operator_jobs.cursor_json, operator_jobs.attempt, operator_jobs.lease_id, operator_jobs.lease_expires_at, operator_jobs.updated_at, operator_jobs.finished_at
FROM operator_jobs
WHERE operator_jobs.tenant_id = @p1 AND operator_jobs.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p2 AND scans.user_object_id = @p3) ORDER BY operator_jobs.job_id

GO

SELECT operator_jobs.job_id, operator_jobs.tenant_id, operator_jobs.scan_id, operator_jobs.kind, operator_jobs.title, operator_jobs.parameters_json, operator_jobs.reason, operator_jobs.requested_by, operator_jobs.requested_by_name, operator_jobs.requested_at, operator_jobs.state, operator_jobs.state_reason, operator_jobs.summary, operator_jobs.parts, operator_jobs.parts_done, operator_jobs.cursor_json, operator_jobs.attempt, operator_jobs.lease_id, operator_jobs.lease_expires_at, operator_jobs.updated_at, operator_jobs.finished_at
FROM operator_jobs
WHERE operator_jobs.tenant_id = @p1 ORDER BY operator_jobs.job_id

GO

SELECT outbox.mail_id, outbox.tenant_id, outbox.scan_id, outbox.kind, outbox.recipient, outbox.state, outbox.code, outbox.attempt, outbox.not_before, outbox.changed_at
FROM outbox
WHERE outbox.tenant_id = @p1 AND outbox.kind != @p2 ORDER BY outbox.mail_id

GO

SELECT outbox.mail_id, outbox.tenant_id, outbox.scan_id, outbox.kind, outbox.recipient, outbox.state, outbox.code, outbox.attempt, outbox.not_before, outbox.changed_at
FROM outbox
WHERE outbox.tenant_id = @p1 AND outbox.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p2 AND scans.user_object_id = @p3) ORDER BY outbox.mail_id

GO

SELECT reviews.tenant_id, reviews.scan_id, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at
FROM reviews
WHERE reviews.tenant_id = @p1 AND reviews.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p2 AND scans.user_object_id = @p3) ORDER BY reviews.tenant_id, reviews.scan_id

GO

SELECT reviews.tenant_id, reviews.scan_id, reviews.claimed_by, reviews.claimed_by_name, reviews.claimed_at, reviews.published_by, reviews.published_by_name, reviews.published_at, reviews.findings_deleted_at
FROM reviews
WHERE reviews.tenant_id = @p1 ORDER BY reviews.tenant_id, reviews.scan_id

GO

SELECT scans.scan_id, scans.tenant_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.drafting_ended_at, scans.left_out_json, scans.has_totals, scans.review_published_at, scans.subscriptions, scans.subscriptions_in_full, scans.spend_json
FROM scans
WHERE scans.tenant_id = @p1 AND scans.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p2 AND scans.user_object_id = @p3) ORDER BY scans.scan_id

GO

SELECT scans.scan_id, scans.tenant_id, scans.user_object_id, scans.status, scans.status_reason, scans.requested_at, scans.finished_at, scans.period_start, scans.period_end, scans.drafting_ended_at, scans.left_out_json, scans.has_totals, scans.review_published_at, scans.subscriptions, scans.subscriptions_in_full, scans.spend_json
FROM scans
WHERE scans.tenant_id = @p1 ORDER BY scans.scan_id

GO

SELECT steps.step_id, steps.tenant_id, steps.scan_id, steps.collector, steps.subscription_id, steps.subscription_name, steps.status, steps.status_code, steps.status_reason, steps.remedy_role, steps.remedy_scope, steps.attempt, steps.request_index, steps.[cursor], steps.simplified, steps.pages, steps.rows, steps.not_before, steps.lease_id, steps.lease_expires_at, steps.updated_at, steps.plan_key, steps.unread_json, steps.subscription_state, steps.rows_set_aside, steps.set_aside_json
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p2 AND scans.user_object_id = @p3) ORDER BY steps.step_id

GO

SELECT steps.step_id, steps.tenant_id, steps.scan_id, steps.collector, steps.subscription_id, steps.subscription_name, steps.status, steps.status_code, steps.status_reason, steps.remedy_role, steps.remedy_scope, steps.attempt, steps.request_index, steps.[cursor], steps.simplified, steps.pages, steps.rows, steps.not_before, steps.lease_id, steps.lease_expires_at, steps.updated_at, steps.plan_key, steps.unread_json, steps.subscription_state, steps.rows_set_aside, steps.set_aside_json
FROM steps
WHERE steps.tenant_id = @p1 ORDER BY steps.step_id

GO

SELECT subscriptions.tenant_id, subscriptions.scan_id, subscriptions.subscription_id, subscriptions.state, subscriptions.quota_id
FROM subscriptions
WHERE subscriptions.tenant_id = @p1 AND subscriptions.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p2 AND scans.user_object_id = @p3) ORDER BY subscriptions.tenant_id, subscriptions.scan_id, subscriptions.subscription_id

GO

SELECT subscriptions.tenant_id, subscriptions.scan_id, subscriptions.subscription_id, subscriptions.state, subscriptions.quota_id
FROM subscriptions
WHERE subscriptions.tenant_id = @p1 ORDER BY subscriptions.tenant_id, subscriptions.scan_id, subscriptions.subscription_id

GO

-- Reader.answers

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT raw_pages.page_number, raw_pages.body_gzip
FROM raw_pages
WHERE raw_pages.tenant_id = @p1 AND raw_pages.scan_id = @p2 AND raw_pages.step_id = @p3 AND raw_pages.page_number BETWEEN @p4 AND @p5 ORDER BY raw_pages.page_number

GO

-- Reader.collected

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT advisor.row_id, advisor.tenant_id, advisor.scan_id, advisor.sub_account_id, advisor.recommendation_id, advisor.recommendation_type_id, advisor.resource_id, advisor.impact, advisor.impacted_field, advisor.impacted_value, advisor.problem, advisor.solution, advisor.monthly_savings, advisor.annual_savings, advisor.savings_currency, advisor.term, advisor.look_back_days, advisor.benefit_scope, advisor.is_suppressed, advisor.last_updated, advisor.extended_properties_json
FROM advisor
WHERE advisor.row_id >= @p1 AND advisor.row_id < @p2 AND advisor.tenant_id = @p3 ORDER BY advisor.row_id

GO

SELECT costs.row_id, costs.charge_period_start, costs.billed_cost, costs.consumed_quantity, cost_resources.sub_account_id, cost_resources.resource_id, cost_resources.resource_group, cost_resources.region_id, cost_charges.billing_currency, cost_charges.service_name, cost_charges.meter_subcategory, cost_charges.meter_name, cost_charges.charge_type, cost_charges.charge_category, cost_charges.charge_frequency, cost_charges.pricing_category, cost_charges.commitment_discount_type, cost_charges.publisher
FROM costs JOIN cost_charges ON cost_charges.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.charge_number LEFT OUTER JOIN cost_resources ON cost_resources.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.resource_number
WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_hash = @p3 ORDER BY costs.row_id

GO

SELECT inventory.row_id, inventory.tenant_id, inventory.scan_id, inventory.sub_account_id, inventory.resource_id, inventory.resource_name, inventory.resource_type, inventory.resource_group, inventory.region_id, inventory.kind, inventory.sku_json, inventory.tags_json, inventory.properties_json
FROM inventory
WHERE inventory.row_id >= @p1 AND inventory.row_id < @p2 AND inventory.tenant_id = @p3 ORDER BY inventory.row_id

GO

SELECT reservations.row_id, reservations.tenant_id, reservations.scan_id, reservations.sub_account_id, reservations.kind, reservations.benefit_scope, reservations.resource_type, reservations.sku_name, reservations.region_id, reservations.term, reservations.look_back_days, reservations.recommended_quantity, reservations.cost_without_benefit, reservations.cost_with_benefit, reservations.net_savings, reservations.currency
FROM reservations
WHERE reservations.row_id >= @p1 AND reservations.row_id < @p2 AND reservations.tenant_id = @p3 ORDER BY reservations.row_id

GO

SELECT savings_plans.row_id, savings_plans.tenant_id, savings_plans.scan_id, savings_plans.sub_account_id, savings_plans.benefit_scope, savings_plans.term, savings_plans.look_back_days, savings_plans.sku_name, savings_plans.hourly_commitment, savings_plans.cost_without_benefit, savings_plans.cost_with_benefit, savings_plans.net_savings, savings_plans.average_utilization_percent, savings_plans.coverage_percent, savings_plans.currency
FROM savings_plans
WHERE savings_plans.row_id >= @p1 AND savings_plans.row_id < @p2 AND savings_plans.tenant_id = @p3 ORDER BY savings_plans.row_id

GO

-- rows_by_download_folder

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT finding_proposals.finding_id, finding_proposals.tenant_id, finding_proposals.scan_id, finding_proposals.proposed_at, finding_proposals.title, finding_proposals.text, finding_proposals.resources_json, finding_proposals.evidence_json
FROM finding_proposals
WHERE finding_proposals.tenant_id = @p1 AND finding_proposals.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p2 AND scans.user_object_id = @p3) ORDER BY finding_proposals.finding_id

GO

SELECT finding_proposals.finding_id, finding_proposals.tenant_id, finding_proposals.scan_id, finding_proposals.proposed_at, finding_proposals.title, finding_proposals.text, finding_proposals.resources_json, finding_proposals.evidence_json
FROM finding_proposals
WHERE finding_proposals.tenant_id = @p1 ORDER BY finding_proposals.finding_id

GO

SELECT finding_resources.finding_id, finding_resources.position, finding_resources.tenant_id, finding_resources.scan_id, finding_resources.resource_id, finding_resources.resource_name, finding_resources.resource_type, finding_resources.sub_account_id, finding_resources.resource_group, finding_resources.region_id, finding_resources.evidence_json, finding_resources.note, finding_resources.is_excluded, finding_resources.owner_tag
FROM finding_resources
WHERE finding_resources.tenant_id = @p1 AND finding_resources.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p2 AND scans.user_object_id = @p3) ORDER BY finding_resources.finding_id, finding_resources.position

GO

SELECT finding_resources.finding_id, finding_resources.position, finding_resources.tenant_id, finding_resources.scan_id, finding_resources.resource_id, finding_resources.resource_name, finding_resources.resource_type, finding_resources.sub_account_id, finding_resources.resource_group, finding_resources.region_id, finding_resources.evidence_json, finding_resources.note, finding_resources.is_excluded, finding_resources.owner_tag
FROM finding_resources
WHERE finding_resources.tenant_id = @p1 ORDER BY finding_resources.finding_id, finding_resources.position

GO

SELECT finding_savings.finding_id, finding_savings.position, finding_savings.currency, finding_savings.tenant_id, finding_savings.scan_id, finding_savings.monthly, finding_savings.basis, finding_savings.yearly
FROM finding_savings
WHERE finding_savings.tenant_id = @p1 AND finding_savings.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p2 AND scans.user_object_id = @p3) ORDER BY finding_savings.finding_id, finding_savings.position, finding_savings.currency

GO

SELECT finding_savings.finding_id, finding_savings.position, finding_savings.currency, finding_savings.tenant_id, finding_savings.scan_id, finding_savings.monthly, finding_savings.basis, finding_savings.yearly
FROM finding_savings
WHERE finding_savings.tenant_id = @p1 ORDER BY finding_savings.finding_id, finding_savings.position, finding_savings.currency

GO

SELECT finding_versions.finding_id, finding_versions.version, finding_versions.tenant_id, finding_versions.scan_id, finding_versions.status, finding_versions.title, finding_versions.text, finding_versions.confidence, finding_versions.effort, finding_versions.owner, finding_versions.savings_json, finding_versions.changed_at, finding_versions.changed_by, finding_versions.change
FROM finding_versions
WHERE finding_versions.tenant_id = @p1 AND finding_versions.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p2 AND scans.user_object_id = @p3) ORDER BY finding_versions.finding_id, finding_versions.version

GO

SELECT finding_versions.finding_id, finding_versions.version, finding_versions.tenant_id, finding_versions.scan_id, finding_versions.status, finding_versions.title, finding_versions.text, finding_versions.confidence, finding_versions.effort, finding_versions.owner, finding_versions.savings_json, finding_versions.changed_at, finding_versions.changed_by, finding_versions.change
FROM finding_versions
WHERE finding_versions.tenant_id = @p1 ORDER BY finding_versions.finding_id, finding_versions.version

GO

SELECT findings.finding_id, findings.tenant_id, findings.scan_id, findings.finding_key, findings.status, findings.title, findings.text, findings.measure, findings.confidence, findings.effort, findings.owner, findings.version, findings.is_edited, findings.created_at, findings.updated_at, findings.updated_by, findings.published_at, findings.saving_from, findings.evidence_json, findings.carried_from, findings.to_check, findings.carried_text
FROM findings
WHERE findings.tenant_id = @p1 AND findings.scan_id IN (SELECT scans.scan_id
FROM scans
WHERE scans.tenant_id = @p2 AND scans.user_object_id = @p3) ORDER BY findings.finding_id

GO

SELECT findings.finding_id, findings.tenant_id, findings.scan_id, findings.finding_key, findings.status, findings.title, findings.text, findings.measure, findings.confidence, findings.effort, findings.owner, findings.version, findings.is_edited, findings.created_at, findings.updated_at, findings.updated_by, findings.published_at, findings.saving_from, findings.evidence_json, findings.carried_from, findings.to_check, findings.carried_text
FROM findings
WHERE findings.tenant_id = @p1 ORDER BY findings.finding_id
