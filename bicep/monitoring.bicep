// Logs and traces. Ingestion takes Entra tokens only: a leaked connection string writes nothing.

import { tagSet } from 'types.bicep'

@description('Required. Azure region.')
@allowed(['uksouth'])
param location string

@description('Required. Name of the Log Analytics workspace.')
param workspaceName string

@description('Required. Name of the Application Insights component.')
param insightsName string

@description('Optional. Days that logs are kept. They hold no customer data, only identifiers.')
@minValue(30)
@maxValue(365)
param retentionInDays int = 90

@description('Optional. Tags of every resource.')
param tags tagSet = {}

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: workspaceName
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
  name: insightsName
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
output connectionString string = insights.properties.ConnectionString
