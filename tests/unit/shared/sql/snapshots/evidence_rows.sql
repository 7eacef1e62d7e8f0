-- EvidenceRows.advice

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT advisor.sub_account_id, advisor.recommendation_id, advisor.recommendation_type_id, advisor.resource_id, advisor.impact, advisor.impacted_field, advisor.impacted_value, advisor.problem, advisor.solution, advisor.monthly_savings, advisor.annual_savings, advisor.savings_currency, advisor.term, advisor.look_back_days, advisor.benefit_scope, advisor.is_suppressed, advisor.last_updated, advisor.extended_properties_json
FROM advisor
WHERE advisor.row_id >= @p1 AND advisor.row_id < @p2 AND advisor.tenant_id = @p3 AND advisor.scan_id = @p4 AND advisor.resource_id IN (@p5) ORDER BY advisor.row_id

GO

SELECT advisor.sub_account_id, advisor.recommendation_id, advisor.recommendation_type_id, advisor.resource_id, advisor.impact, advisor.impacted_field, advisor.impacted_value, advisor.problem, advisor.solution, advisor.monthly_savings, advisor.annual_savings, advisor.savings_currency, advisor.term, advisor.look_back_days, advisor.benefit_scope, advisor.is_suppressed, advisor.last_updated, advisor.extended_properties_json
FROM advisor
WHERE advisor.row_id >= @p1 AND advisor.row_id < @p2 AND advisor.tenant_id = @p3 AND advisor.scan_id = @p4 AND advisor.resource_id IN (@p5, @p6) ORDER BY advisor.row_id

GO

SELECT min(steps.step_id) AS min_1, max(steps.step_id) AS max_1
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id = @p2

GO

-- EvidenceRows.metrics

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT metric_series.resource_id, metric_series.metric_name, metric_series.unit, metric_series.starts_at, metric_series.step_seconds, metric_series.points, metric_series.average, metric_series.p95, metric_series.maximum
FROM metric_series
WHERE metric_series.tenant_id = @p1 AND metric_series.scan_id = @p2 AND metric_series.resource_id IN (@p3) ORDER BY metric_series.starts_at, metric_series.job_id, metric_series.series_number

GO

SELECT metric_series.resource_id, metric_series.metric_name, metric_series.unit, metric_series.starts_at, metric_series.step_seconds, metric_series.points, metric_series.average, metric_series.p95, metric_series.maximum
FROM metric_series
WHERE metric_series.tenant_id = @p1 AND metric_series.scan_id = @p2 AND metric_series.resource_id IN (@p3, @p4) ORDER BY metric_series.starts_at, metric_series.job_id, metric_series.series_number

GO

-- EvidenceRows.months

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT cost_lines.resource_id, cost_lines.charge_period_start, cost_lines.billing_currency, sum(cost_lines.billed_cost) AS exact_sum_1, max(cost_lines.commitment_discount_type) AS max_1
FROM (SELECT costs.row_id AS row_id, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost, costs.consumed_quantity AS consumed_quantity, cost_resources.sub_account_id AS sub_account_id, cost_resources.resource_id AS resource_id, cost_resources.resource_group AS resource_group, cost_resources.region_id AS region_id, cost_charges.billing_currency AS billing_currency, cost_charges.service_name AS service_name, cost_charges.meter_subcategory AS meter_subcategory, cost_charges.meter_name AS meter_name, cost_charges.charge_type AS charge_type, cost_charges.charge_category AS charge_category, cost_charges.charge_frequency AS charge_frequency, cost_charges.pricing_category AS pricing_category, cost_charges.commitment_discount_type AS commitment_discount_type, cost_charges.publisher AS publisher
FROM costs JOIN cost_charges ON cost_charges.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.charge_number LEFT OUTER JOIN cost_resources ON cost_resources.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.resource_number
WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_hash = @p3 AND cost_charges.tenant_hash = @p4 AND cost_charges.scan_id = @p5) AS cost_lines
WHERE cost_lines.resource_id IN (@p6) GROUP BY cost_lines.resource_id, cost_lines.charge_period_start, cost_lines.billing_currency

GO

SELECT cost_lines.resource_id, cost_lines.charge_period_start, cost_lines.billing_currency, sum(cost_lines.billed_cost) AS exact_sum_1, max(cost_lines.commitment_discount_type) AS max_1
FROM (SELECT costs.row_id AS row_id, costs.charge_period_start AS charge_period_start, costs.billed_cost AS billed_cost, costs.consumed_quantity AS consumed_quantity, cost_resources.sub_account_id AS sub_account_id, cost_resources.resource_id AS resource_id, cost_resources.resource_group AS resource_group, cost_resources.region_id AS region_id, cost_charges.billing_currency AS billing_currency, cost_charges.service_name AS service_name, cost_charges.meter_subcategory AS meter_subcategory, cost_charges.meter_name AS meter_name, cost_charges.charge_type AS charge_type, cost_charges.charge_category AS charge_category, cost_charges.charge_frequency AS charge_frequency, cost_charges.pricing_category AS pricing_category, cost_charges.commitment_discount_type AS commitment_discount_type, cost_charges.publisher AS publisher
FROM costs JOIN cost_charges ON cost_charges.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.charge_number LEFT OUTER JOIN cost_resources ON cost_resources.row_id = (FLOOR(costs.row_id / 10000000000)) * 10000000000 + costs.resource_number
WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_hash = @p3 AND cost_charges.tenant_hash = @p4 AND cost_charges.scan_id = @p5) AS cost_lines
WHERE cost_lines.resource_id IN (@p6, @p7) GROUP BY cost_lines.resource_id, cost_lines.charge_period_start, cost_lines.billing_currency

GO

SELECT min(steps.step_id) AS min_1, max(steps.step_id) AS max_1
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id = @p2
