-- OperatorJobs._claim

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT operator_jobs.job_id, operator_jobs.tenant_id, operator_jobs.scan_id, operator_jobs.kind, operator_jobs.title, operator_jobs.parameters_json, operator_jobs.reason, operator_jobs.requested_by, operator_jobs.requested_by_name, operator_jobs.requested_at, operator_jobs.state, operator_jobs.state_reason, operator_jobs.summary, operator_jobs.parts, operator_jobs.parts_done, operator_jobs.cursor_json, operator_jobs.attempt, operator_jobs.lease_id, operator_jobs.updated_at, operator_jobs.finished_at
FROM operator_jobs
WHERE operator_jobs.tenant_id = @p1 AND operator_jobs.job_id = @p2

GO

UPDATE operator_jobs SET state=@p1, state_reason=NULL, attempt=(operator_jobs.attempt + @p2), lease_id=@p3, lease_expires_at=@p4, updated_at=@p5 WHERE operator_jobs.tenant_id = @p6 AND operator_jobs.job_id = @p7 AND (operator_jobs.state IN (@p8, @p9) OR operator_jobs.state = @p10 AND operator_jobs.lease_expires_at <= @p11)

GO

-- OperatorJobs._give_back

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

UPDATE operator_jobs SET state=@p1, lease_id=NULL, lease_expires_at=NULL, updated_at=@p2 WHERE operator_jobs.tenant_id = @p3 AND operator_jobs.job_id = @p4 AND (operator_jobs.state NOT IN (@p5, @p6)) AND operator_jobs.lease_id = @p7

GO

UPDATE operator_jobs SET state=@p1, state_reason=@p2, lease_id=NULL, lease_expires_at=NULL, updated_at=@p3 WHERE operator_jobs.tenant_id = @p4 AND operator_jobs.job_id = @p5 AND (operator_jobs.state NOT IN (@p6, @p7)) AND operator_jobs.lease_id = @p8

GO

-- OperatorJobs.advance

DELETE FROM adhoc_results WHERE adhoc_results.tenant_id = @p1 AND adhoc_results.job_id = @p2

GO

DELETE FROM costs WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_id = @p3

GO

DELETE FROM job_pages WHERE job_pages.tenant_id = @p1 AND job_pages.job_id = @p2

GO

DELETE FROM job_pages WHERE job_pages.tenant_id = @p1 AND job_pages.job_id = @p2 AND job_pages.page_number >= @p3

GO

DELETE FROM raw_pages WHERE raw_pages.tenant_id = @p1 AND raw_pages.scan_id = @p2 AND raw_pages.step_id = @p3

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO adhoc_results (job_id, tenant_id, scan_id, rows, total_rows, table_gzip, received_at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7)

GO

INSERT INTO adhoc_results (job_id, tenant_id, scan_id, rows, total_rows, table_gzip, received_at) VALUES (@p1, @p2, @p3, @p4, NULL, @p5, @p6)

GO

INSERT INTO costs (row_id, tenant_id, scan_id, sub_account_id, charge_period_start, billed_cost, billing_currency, resource_id, resource_group, region_id, service_name, meter_subcategory, meter_name, charge_type, charge_category, charge_frequency, pricing_category, commitment_discount_type, publisher, consumed_quantity) SELECT row_id, tenant_id, scan_id, sub_account_id, charge_period_start, billed_cost, billing_currency, resource_id, resource_group, region_id, service_name, meter_subcategory, meter_name, charge_type, charge_category, charge_frequency, pricing_category, commitment_discount_type, publisher, consumed_quantity FROM OPENJSON(@p1) WITH (row_id BIGINT '$[0]', tenant_id VARCHAR(36) '$[1]', scan_id VARCHAR(36) '$[2]', sub_account_id VARCHAR(36) '$[3]', charge_period_start DATE '$[4]', billed_cost NUMERIC(38, 24) '$[5]', billing_currency VARCHAR(3) '$[6]', resource_id NVARCHAR(1024) '$[7]', resource_group NVARCHAR(90) '$[8]', region_id NVARCHAR(90) '$[9]', service_name NVARCHAR(200) '$[10]', meter_subcategory NVARCHAR(200) '$[11]', meter_name NVARCHAR(200) '$[12]', charge_type NVARCHAR(60) '$[13]', charge_category VARCHAR(20) '$[14]', charge_frequency VARCHAR(20) '$[15]', pricing_category VARCHAR(20) '$[16]', commitment_discount_type VARCHAR(20) '$[17]', publisher NVARCHAR(200) '$[18]', consumed_quantity NUMERIC(38, 24) '$[19]')

GO

INSERT INTO job_pages (job_id, page_number, tenant_id, scan_id, status, body_gzip, received_at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7)

GO

INSERT INTO raw_pages (tenant_id, scan_id, step_id, page_number, status, body_gzip, received_at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7)

GO

SELECT adhoc_results.job_id, adhoc_results.tenant_id, adhoc_results.scan_id, adhoc_results.rows, adhoc_results.total_rows, adhoc_results.table_gzip, adhoc_results.received_at
FROM adhoc_results
WHERE adhoc_results.tenant_id = @p1 AND adhoc_results.job_id = @p2

GO

SELECT job_pages.job_id, job_pages.page_number, job_pages.tenant_id, job_pages.scan_id, job_pages.status, job_pages.body_gzip, job_pages.received_at
FROM job_pages
WHERE job_pages.tenant_id = @p1 AND job_pages.job_id = @p2 ORDER BY job_pages.page_number

GO

UPDATE operator_jobs SET parts_done=@p1, cursor_json=@p2, lease_expires_at=@p3, updated_at=@p4 WHERE operator_jobs.tenant_id = @p5 AND operator_jobs.job_id = @p6 AND (operator_jobs.state NOT IN (@p7, @p8)) AND operator_jobs.lease_id = @p9

GO

UPDATE steps SET status=@p1, status_code=NULL, status_reason=NULL, remedy_role=NULL, remedy_scope=NULL, [cursor]=NULL, simplified=@p2, pages=@p3, rows=@p4, updated_at=@p5, plan_key=@p6, unread_json=NULL, rows_set_aside=@p7, set_aside_json=NULL WHERE steps.tenant_id = @p8 AND steps.scan_id = @p9 AND steps.step_id = @p10

GO

-- OperatorJobs.break_leases

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

UPDATE operator_jobs SET state=@p1, lease_id=NULL, lease_expires_at=NULL WHERE operator_jobs.state = @p2

GO

-- OperatorJobs.create

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12)

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, NULL, @p3, @p4, @p5, @p6, NULL, NULL, @p7, @p8, NULL)

GO

INSERT INTO operator_jobs (job_id, tenant_id, scan_id, kind, title, parameters_json, reason, requested_by, requested_by_name, requested_at, state, state_reason, summary, parts, parts_done, cursor_json, attempt, lease_id, updated_at, finished_at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, NULL, @p13, @p14, @p15, @p16, NULL, @p17, @p18)

GO

INSERT INTO operator_jobs (job_id, tenant_id, scan_id, kind, title, parameters_json, reason, requested_by, requested_by_name, requested_at, state, state_reason, summary, parts, parts_done, cursor_json, attempt, lease_id, updated_at, finished_at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, NULL, NULL, @p12, @p13, NULL, @p14, NULL, @p15, NULL)

GO

SELECT scans.scan_id
FROM scans WITH (UPDLOCK)
WHERE scans.tenant_id = @p1 AND scans.scan_id = @p2

GO

-- OperatorJobs.finish

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO audit_events (occurred_at, tenant_id, user_object_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, reason, outcome, details_json) OUTPUT inserted.event_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12)

GO

UPDATE operator_jobs SET state=@p1, state_reason=@p2, summary=NULL, lease_id=NULL, lease_expires_at=NULL, updated_at=@p3, finished_at=@p4 WHERE operator_jobs.tenant_id = @p5 AND operator_jobs.job_id = @p6 AND (operator_jobs.state NOT IN (@p7, @p8)) AND operator_jobs.lease_id = @p9

GO

UPDATE operator_jobs SET state=@p1, state_reason=NULL, summary=@p2, lease_id=NULL, lease_expires_at=NULL, updated_at=@p3, finished_at=@p4 WHERE operator_jobs.tenant_id = @p5 AND operator_jobs.job_id = @p6 AND (operator_jobs.state NOT IN (@p7, @p8)) AND operator_jobs.lease_id = @p9

GO

-- OperatorJobs.get

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT operator_jobs.job_id, operator_jobs.tenant_id, operator_jobs.scan_id, operator_jobs.kind, operator_jobs.title, operator_jobs.parameters_json, operator_jobs.reason, operator_jobs.requested_by, operator_jobs.requested_by_name, operator_jobs.requested_at, operator_jobs.state, operator_jobs.state_reason, operator_jobs.summary, operator_jobs.parts, operator_jobs.parts_done, operator_jobs.cursor_json, operator_jobs.attempt, operator_jobs.lease_id, operator_jobs.updated_at, operator_jobs.finished_at
FROM operator_jobs
WHERE operator_jobs.tenant_id = @p1 AND operator_jobs.job_id = @p2

GO

-- OperatorJobs.list

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT TOP 100 operator_jobs.job_id, operator_jobs.tenant_id, operator_jobs.scan_id, operator_jobs.kind, operator_jobs.title, operator_jobs.parameters_json, operator_jobs.reason, operator_jobs.requested_by, operator_jobs.requested_by_name, operator_jobs.requested_at, operator_jobs.state, operator_jobs.state_reason, operator_jobs.summary, operator_jobs.parts, operator_jobs.parts_done, operator_jobs.cursor_json, operator_jobs.attempt, operator_jobs.lease_id, operator_jobs.updated_at, operator_jobs.finished_at
FROM operator_jobs
WHERE operator_jobs.tenant_id = @p1 AND operator_jobs.scan_id = @p2 ORDER BY operator_jobs.requested_at DESC, operator_jobs.job_id

GO

-- OperatorJobs.stale

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT operator_jobs.job_id, operator_jobs.tenant_id, operator_jobs.scan_id, operator_jobs.kind, operator_jobs.title, operator_jobs.parameters_json, operator_jobs.reason, operator_jobs.requested_by, operator_jobs.requested_by_name, operator_jobs.requested_at, operator_jobs.state, operator_jobs.state_reason, operator_jobs.summary, operator_jobs.parts, operator_jobs.parts_done, operator_jobs.cursor_json, operator_jobs.attempt, operator_jobs.lease_id, operator_jobs.updated_at, operator_jobs.finished_at
FROM operator_jobs
WHERE operator_jobs.state IN (@p1, @p2) AND operator_jobs.updated_at <= @p3 OR operator_jobs.state = @p4 AND operator_jobs.lease_expires_at <= @p5
