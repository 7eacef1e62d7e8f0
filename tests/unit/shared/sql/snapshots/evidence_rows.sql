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

SELECT costs.resource_id, costs.charge_period_start, costs.billing_currency, sum(costs.billed_cost) AS exact_sum_1, max(costs.commitment_discount_type) AS max_1
FROM costs
WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_id = @p3 AND costs.scan_id = @p4 AND costs.resource_id IN (@p5) GROUP BY costs.resource_id, costs.charge_period_start, costs.billing_currency

GO

SELECT costs.resource_id, costs.charge_period_start, costs.billing_currency, sum(costs.billed_cost) AS exact_sum_1, max(costs.commitment_discount_type) AS max_1
FROM costs
WHERE costs.row_id >= @p1 AND costs.row_id < @p2 AND costs.tenant_id = @p3 AND costs.scan_id = @p4 AND costs.resource_id IN (@p5, @p6) GROUP BY costs.resource_id, costs.charge_period_start, costs.billing_currency

GO

SELECT min(steps.step_id) AS min_1, max(steps.step_id) AS max_1
FROM steps
WHERE steps.tenant_id = @p1 AND steps.scan_id = @p2
