// Logs and traces. Ingestion takes Entra tokens only: a leaked connection string writes nothing.

@description('Required. Azure region.')
@allowed(['uksouth'])
param location string

@description('Required. Beginning of every name.')
param prefix string

@description('Optional. Days that logs are kept. They hold no customer data, only identifiers.')
@minValue(30)
@maxValue(365)
param retentionInDays int = 90

@description('Optional. Tags of every resource.')
param tags object = {}

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: '${prefix}-logs'
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: retentionInDays
    // No replication to a second region, which is the default said aloud.
    replication: { enabled: false }
    features: { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true }
    workspaceCapping: { dailyQuotaGb: 5 }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: '${prefix}-insights'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
    DisableIpMasking: false
  }
}

output workspaceId string = workspace.id
output insightsId string = insights.id
output insightsName string = insights.name
output connectionString string = insights.properties.ConnectionString
