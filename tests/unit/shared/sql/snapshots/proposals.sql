-- FindingProposals.of_scan

EXEC sp_set_session_context @key = N'tenant_id', @value = @p1; EXEC sp_set_session_context @key = N'is_system', @value = NULL;

GO

SELECT finding_proposals.finding_id, finding_proposals.tenant_id, finding_proposals.scan_id, finding_proposals.proposed_at, finding_proposals.title, finding_proposals.text, finding_proposals.resources_json, finding_proposals.evidence_json
FROM finding_proposals
WHERE finding_proposals.tenant_id = @p1 AND finding_proposals.scan_id = @p2
