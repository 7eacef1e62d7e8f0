-- Steps._claim

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT steps.step_id, steps.tenant_id, steps.scan_id, steps.collector, steps.subscription_id, steps.subscription_name, steps.status, steps.status_code, steps.status_reason, steps.remedy_role, steps.remedy_scope, steps.attempt, steps.request_index, steps.[cursor], steps.simplified, steps.pages, steps.rows, steps.not_before, steps.lease_id, steps.updated_at, steps.plan_key, steps.unread_json, steps.subscription_state, steps.rows_set_aside, steps.set_aside_json
FROM steps
WHERE steps.tenant_id = @p1 AND steps.step_id = @p2

GO

UPDATE steps SET status=@p1, status_reason=@p2, attempt=(steps.attempt + @p3), not_before=@p4, lease_id=@p5, lease_expires_at=@p6, updated_at=@p7 WHERE steps.tenant_id = @p8 AND steps.step_id = @p9 AND (steps.status IN (@p10, @p11) OR steps.status = @p12 AND steps.lease_expires_at <= @p13)

GO

-- Steps._give_back

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

UPDATE steps SET status=@p1, status_code=@p2, status_reason=@p3, remedy_role=@p4, remedy_scope=@p5, [cursor]=@p6, lease_id=@p7, lease_expires_at=@p8, updated_at=@p9 WHERE steps.tenant_id = @p10 AND steps.step_id = @p11 AND (steps.status NOT IN (@p12, @p13)) AND steps.lease_id = @p14

GO

UPDATE steps SET status=@p1, status_code=@p2, status_reason=@p3, remedy_role=@p4, remedy_scope=@p5, [cursor]=@p6, lease_id=@p7, lease_expires_at=@p8, updated_at=@p9 WHERE steps.tenant_id = @p10 AND steps.step_id = @p11 AND (steps.status NOT IN (@p12, @p13)) AND steps.lease_id IS NULL

GO

UPDATE steps SET status=@p1, status_reason=@p2, lease_id=@p3, lease_expires_at=@p4, updated_at=@p5 WHERE steps.tenant_id = @p6 AND steps.step_id = @p7 AND (steps.status NOT IN (@p8, @p9)) AND steps.lease_id = @p10

GO

UPDATE steps SET status=@p1, status_reason=@p2, not_before=@p3, lease_id=@p4, lease_expires_at=@p5, updated_at=@p6 WHERE steps.tenant_id = @p7 AND steps.step_id = @p8 AND (steps.status NOT IN (@p9, @p10)) AND steps.lease_id = @p11

GO

-- Steps._insert_missing

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO steps (tenant_id, scan_id, collector, subscription_id, subscription_name, status, attempt, request_index, simplified, pages, rows, updated_at, subscription_state) OUTPUT inserted.step_id VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13)

GO

INSERT INTO steps (tenant_id, scan_id, collector, subscription_id, subscription_name, status, attempt, request_index, simplified, pages, rows, updated_at, subscription_state) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13)

GO

SELECT scans.scan_id
FROM scans WITH (UPDLOCK)
WHERE scans.tenant_id = @p1 AND scans.scan_id = @p2

GO

SELECT steps.collector, steps.subscription_id
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id = @p2

GO

-- Steps.break_leases

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

UPDATE steps SET status=@p1, lease_id=@p2, lease_expires_at=@p3 WHERE steps.status = @p4

GO

-- Steps.get

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT steps.step_id, steps.tenant_id, steps.scan_id, steps.collector, steps.subscription_id, steps.subscription_name, steps.status, steps.status_code, steps.status_reason, steps.remedy_role, steps.remedy_scope, steps.attempt, steps.request_index, steps.[cursor], steps.simplified, steps.pages, steps.rows, steps.not_before, steps.lease_id, steps.updated_at, steps.plan_key, steps.unread_json, steps.subscription_state, steps.rows_set_aside, steps.set_aside_json
FROM steps
WHERE steps.tenant_id = @p1 AND steps.step_id = @p2

GO

-- Steps.list

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT steps.step_id, steps.tenant_id, steps.scan_id, steps.collector, steps.subscription_id, steps.subscription_name, steps.status, steps.status_code, steps.status_reason, steps.remedy_role, steps.remedy_scope, steps.attempt, steps.request_index, steps.[cursor], steps.simplified, steps.pages, steps.rows, steps.not_before, steps.lease_id, steps.updated_at, steps.plan_key, steps.unread_json, steps.subscription_state, steps.rows_set_aside, steps.set_aside_json
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id = @p2 ORDER BY steps.step_id

GO

-- Steps.restart

DELETE FROM costs WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_id = @p3

GO

DELETE FROM raw_pages WHERE raw_pages.tenant_id = @p1 AND raw_pages.scan_id = @p2 AND raw_pages.step_id = @p3

GO

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT steps.step_id, steps.tenant_id, steps.scan_id, steps.collector, steps.subscription_id, steps.subscription_name, steps.status, steps.status_code, steps.status_reason, steps.remedy_role, steps.remedy_scope, steps.attempt, steps.request_index, steps.[cursor], steps.simplified, steps.pages, steps.rows, steps.not_before, steps.lease_id, steps.updated_at, steps.plan_key, steps.unread_json, steps.subscription_state, steps.rows_set_aside, steps.set_aside_json
FROM steps
WHERE steps.tenant_id = @p1 AND steps.step_id = @p2

GO

UPDATE steps SET request_index=@p1, [cursor]=@p2, simplified=@p3, pages=@p4, rows=@p5, updated_at=@p6, plan_key=@p7, unread_json=@p8, rows_set_aside=@p9, set_aside_json=@p10 WHERE steps.tenant_id = @p11 AND steps.step_id = @p12 AND (steps.status NOT IN (@p13, @p14)) AND steps.lease_id = @p15

GO

-- Steps.save_page

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

INSERT INTO advisor (row_id, tenant_id, scan_id, sub_account_id, recommendation_id, is_suppressed) VALUES (@p1, @p2, @p3, @p4, @p5, @p6)

GO

INSERT INTO advisor (row_id, tenant_id, scan_id, sub_account_id, recommendation_id, recommendation_type_id, resource_id, impact, impacted_field, impacted_value, problem, solution, monthly_savings, annual_savings, savings_currency, term, look_back_days, benefit_scope, is_suppressed, last_updated, extended_properties_json) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16, @p17, @p18, @p19, @p20, @p21)

GO

INSERT INTO costs (row_id, tenant_id, scan_id, sub_account_id, charge_period_start, billed_cost, billing_currency, resource_id, resource_group, region_id, service_name) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11)

GO

INSERT INTO costs (row_id, tenant_id, scan_id, sub_account_id, charge_period_start, billed_cost, billing_currency, resource_id, resource_group, region_id, service_name, meter_subcategory, meter_name, charge_type) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14)

GO

INSERT INTO costs (row_id, tenant_id, scan_id, sub_account_id, charge_period_start, billed_cost, billing_currency, resource_id, resource_group, region_id, service_name, meter_subcategory, meter_name, charge_type, charge_category, charge_frequency, pricing_category, commitment_discount_type, publisher, consumed_quantity) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16, @p17, @p18, @p19, @p20)

GO

INSERT INTO inventory (row_id, tenant_id, scan_id, sub_account_id, resource_id, resource_name, resource_type) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7)

GO

INSERT INTO inventory (row_id, tenant_id, scan_id, sub_account_id, resource_id, resource_name, resource_type, region_id) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8)

GO

INSERT INTO inventory (row_id, tenant_id, scan_id, sub_account_id, resource_id, resource_name, resource_type, resource_group, region_id) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9)

GO

INSERT INTO inventory (row_id, tenant_id, scan_id, sub_account_id, resource_id, resource_name, resource_type, resource_group, region_id, kind, sku_json, tags_json, properties_json) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13)

GO

INSERT INTO inventory (row_id, tenant_id, scan_id, sub_account_id, resource_id, resource_name, resource_type, tags_json) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8)

GO

INSERT INTO raw_pages (tenant_id, scan_id, step_id, page_number, status, body_gzip, received_at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7)

GO

INSERT INTO reservations (row_id, tenant_id, scan_id, sub_account_id, kind) VALUES (@p1, @p2, @p3, @p4, @p5)

GO

INSERT INTO reservations (row_id, tenant_id, scan_id, sub_account_id, kind, benefit_scope, resource_type, sku_name, region_id, term, look_back_days, recommended_quantity, cost_without_benefit, cost_with_benefit, net_savings, currency) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16)

GO

INSERT INTO savings_plans (row_id, tenant_id, scan_id, sub_account_id) VALUES (@p1, @p2, @p3, @p4)

GO

INSERT INTO savings_plans (row_id, tenant_id, scan_id, sub_account_id, benefit_scope, term, look_back_days, sku_name, hourly_commitment, cost_without_benefit, cost_with_benefit, net_savings, average_utilization_percent, coverage_percent, currency) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15)

GO

SELECT steps.step_id, steps.tenant_id, steps.scan_id, steps.collector, steps.subscription_id, steps.subscription_name, steps.status, steps.status_code, steps.status_reason, steps.remedy_role, steps.remedy_scope, steps.attempt, steps.request_index, steps.[cursor], steps.simplified, steps.pages, steps.rows, steps.not_before, steps.lease_id, steps.updated_at, steps.plan_key, steps.unread_json, steps.subscription_state, steps.rows_set_aside, steps.set_aside_json
FROM steps
WHERE steps.tenant_id = @p1 AND steps.step_id = @p2

GO

UPDATE steps SET request_index=@p1, [cursor]=@p2, pages=@p3, rows=@p4, lease_expires_at=@p5, updated_at=@p6, plan_key=@p7 WHERE steps.tenant_id = @p8 AND steps.step_id = @p9 AND (steps.status NOT IN (@p10, @p11)) AND steps.lease_id = @p12 AND steps.lease_id IS NOT NULL AND steps.pages = @p13

GO

UPDATE steps SET request_index=@p1, [cursor]=@p2, pages=@p3, rows=@p4, lease_expires_at=@p5, updated_at=@p6, plan_key=@p7 WHERE steps.tenant_id = @p8 AND steps.step_id = @p9 AND (steps.status NOT IN (@p10, @p11)) AND steps.lease_id IS NULL AND steps.lease_id IS NOT NULL AND steps.pages = @p12

GO

-- Steps.skip_request

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT steps.step_id, steps.tenant_id, steps.scan_id, steps.collector, steps.subscription_id, steps.subscription_name, steps.status, steps.status_code, steps.status_reason, steps.remedy_role, steps.remedy_scope, steps.attempt, steps.request_index, steps.[cursor], steps.simplified, steps.pages, steps.rows, steps.not_before, steps.lease_id, steps.updated_at, steps.plan_key, steps.unread_json, steps.subscription_state, steps.rows_set_aside, steps.set_aside_json
FROM steps
WHERE steps.tenant_id = @p1 AND steps.step_id = @p2

GO

UPDATE steps SET request_index=@p1, [cursor]=@p2, updated_at=@p3, plan_key=@p4, unread_json=@p5 WHERE steps.tenant_id = @p6 AND steps.step_id = @p7 AND (steps.status NOT IN (@p8, @p9)) AND steps.lease_id = @p10

GO

-- Steps.stale

EXEC sp_set_session_context @key = N'tenant_id', @value = NULL; EXEC sp_set_session_context @key = N'is_system', @value = N'yes';

GO

SELECT steps.step_id, steps.tenant_id, steps.scan_id, steps.collector, steps.subscription_id, steps.subscription_name, steps.status, steps.status_code, steps.status_reason, steps.remedy_role, steps.remedy_scope, steps.attempt, steps.request_index, steps.[cursor], steps.simplified, steps.pages, steps.rows, steps.not_before, steps.lease_id, steps.updated_at, steps.plan_key, steps.unread_json, steps.subscription_state, steps.rows_set_aside, steps.set_aside_json
FROM steps
WHERE (steps.status = @p1 AND steps.updated_at <= @p2 OR steps.status = @p3 AND steps.not_before <= @p4 AND steps.updated_at <= @p5 OR steps.status = @p6 AND steps.lease_expires_at <= @p7) AND (EXISTS (SELECT *
FROM scans
WHERE scans.scan_id = steps.scan_id AND scans.tenant_id = steps.tenant_id AND scans.status = @p8)) ORDER BY steps.step_id

GO

-- Steps.touch

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

UPDATE steps SET updated_at=@p1 WHERE steps.tenant_id = @p2 AND steps.step_id = @p3 AND (steps.status NOT IN (@p4, @p5))
