// One storage account: the deployment package, the host's leases, the short-lived tables, built files for a day.
// Zone-redundant: a copy outside UK South would break the promise of the permissions page.
// Reached through its private endpoints only.

import { tagSet } from 'types.bicep'

@description('Required. Azure region.')
@allowed(['uksouth'])
param location string

@description('Required. Name, 3 to 24 lower-case letters and digits.')
@minLength(3)
@maxLength(24)
param name string

@description('Required. Workspace that receives the diagnostic logs.')
param workspaceId string

@description('Optional. Tags of every resource.')
param tags tagSet = {}

var deploymentContainerName = 'deployments'
var exportsContainerName = 'exports'
var tableNames = ['flows', 'sessions', 'purges', 'quotas', 'limits', 'exports', 'apitokens']

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  // checkov:skip=CKV_AZURE_36: no service of Azure's own has to reach it: app and host come through the private endpoints
  // checkov:skip=CKV_AZURE_206: the policy knows geo-redundant copies only, and those would leave UK South
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_ZRS' }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    publicNetworkAccess: 'Disabled'
    supportsHttpsTrafficOnly: true
    networkAcls: { bypass: 'None', defaultAction: 'Deny' }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2024-01-01' = {
  parent: account
  name: 'default'
  // No soft delete: a file of a customer's data that was deleted must be gone. The package can be deployed again.
  properties: { deleteRetentionPolicy: { enabled: false } }
}

resource deployments 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = {
  parent: blobs
  name: deploymentContainerName
  properties: { publicAccess: 'None' }
}

resource exports 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = {
  parent: blobs
  name: exportsContainerName
  properties: { publicAccess: 'None' }
}

// The app deletes built files after 24 hours, every hour. This rule deletes what a failing app would leave.
resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2024-01-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'delete-built-files'
          type: 'Lifecycle'
          enabled: true
          definition: {
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['${exportsContainerName}/'] }
            actions: { baseBlob: { delete: { daysAfterCreationGreaterThan: 1 } } }
          }
        }
      ]
    }
  }
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices@2024-01-01' = {
  parent: account
  name: 'default'
}

resource ownTables 'Microsoft.Storage/storageAccounts/tableServices/tables@2024-01-01' = [
  for tableName in tableNames: {
    parent: tables
    name: tableName
  }
]

resource tableLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: tables
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'audit', enabled: true }]
  }
}

output name string = account.name
output id string = account.id
output deploymentContainerUrl string = '${account.properties.primaryEndpoints.blob}${deploymentContainerName}'
output blobsEndpoint string = 'https://${account.name}.blob.${environment().suffixes.storage}'
output tablesEndpoint string = 'https://${account.name}.table.${environment().suffixes.storage}'
