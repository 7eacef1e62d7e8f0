// Every right that the app has, and the one of those who deploy it, with its reason. No right is granted anywhere else.
// Role ids: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles

@description('Required. Principal (object) id of the app\'s identity.')
param principalId string

@description('Required. Object id of the group that deploys.')
param deployerGroupId string

@sealed()
@description('Names of the resources that rights are on.')
type namesOfResources = {
  storage: string
  serviceBus: string
  keyVault: string
  insights: string
}

@description('Required. Names of the resources the rights are on.')
param resourceNames namesOfResources

resource storage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = { name: resourceNames.storage }
resource serviceBus 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = { name: resourceNames.serviceBus }
resource keyVault 'Microsoft.KeyVault/vaults@2024-11-01' existing = { name: resourceNames.keyVault }
resource insights 'Microsoft.Insights/components@2020-02-02' existing = { name: resourceNames.insights }

// The host keeps its timer leases and reads the deployment package in blobs; the app keeps built files there for a day.
// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/storage#storage-blob-data-owner
var storageBlobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'

// Consent flows and sessions live in tables.
// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/storage#storage-table-data-contributor
var storageTableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'

// Triggers receive; scaling by queue length reads runtime counts, which Data Receiver alone may not.
// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/integration#azure-service-bus-data-owner
var serviceBusDataOwner = '090c5cfd-751d-490a-894a-3ce6f1109419'

// The keys that encrypt refresh tokens are read, never written, by the app.
// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/security#key-vault-secrets-user
var keyVaultSecretsUser = '4633458b-17de-408a-b874-0445c86b69e6'

// Telemetry is sent with an Entra token.
// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/monitor#monitoring-metrics-publisher
var monitoringMetricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

// The deploying identity adds a new encryption key by age; the app cannot.
// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/security#key-vault-secrets-officer
var keyVaultSecretsOfficer = 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'

resource blobRight 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: storage
  name: guid(storage.id, principalId, storageBlobDataOwner)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageBlobDataOwner)
  }
}

resource tableRight 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: storage
  name: guid(storage.id, principalId, storageTableDataContributor)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageTableDataContributor)
  }
}

resource queueRight 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: serviceBus
  name: guid(serviceBus.id, principalId, serviceBusDataOwner)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', serviceBusDataOwner)
  }
}

resource keyRight 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: keyVault
  name: guid(keyVault.id, principalId, keyVaultSecretsUser)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', keyVaultSecretsUser)
  }
}

resource rotationRight 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: keyVault
  name: guid(keyVault.id, deployerGroupId, keyVaultSecretsOfficer)
  properties: {
    principalId: deployerGroupId
    principalType: 'Group'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', keyVaultSecretsOfficer)
  }
}

resource telemetryRight 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(insights.id, principalId, monitoringMetricsPublisher)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', monitoringMetricsPublisher)
  }
}
