// Everything the service needs in Azure, in one resource group in UK South.
//
//   python3 -m bicep.deploy --resource-group <group> --parameters <file>.bicepparam

targetScope = 'resourceGroup'

import { entraGroup, monthlyBudget } from 'types.bicep'

@description('Optional. Azure region. The permissions page promises UK South, so nothing else is allowed.')
@allowed(['uksouth'])
param location string = 'uksouth'

@description('Optional. Beginning of every name; with a hash of the resource group where names are global.')
@minLength(3)
@maxLength(12)
param prefix string = 'caleta'

@description('Required. Address that customers see, without a trailing slash.')
param baseUrl string

@description('Optional. Name that customers see when they consent; staging has another than production.')
param applicationName string = 'Caleta Cost Review'

@description('Optional. Object ids of the users and service principals that may deploy besides the first: they become owners of both app registrations.')
param applicationOwners string[] = []

@description('Required. Entra group that administers the database, runs migrations and adds encryption keys.')
param sqlAdministratorGroup entraGroup

@description('Optional. Whether the SQL server already exists. bicep/deploy.py finds out and passes it.')
param sqlServerExists bool = false

@description('Required. Mailbox from which mail is sent.')
param mailSender string

@description('Required. Mailbox notified of each scan that is ready for review.')
param reviewersEmail string

@description('Required. Address that alerts are sent to.')
param onCallEmail string

// As https://www.cloudflare.com/ips/ has them in MISP/misp-warninglists, lists/cloudflare/list.json, of 11 August 2026.
@description('Optional. Address ranges of Cloudflare, which alone may reach the pages. Compare with https://www.cloudflare.com/ips/ before each deployment.')
@minLength(1)
param frontDoorRanges string[] = [
  '173.245.48.0/20'
  '103.21.244.0/22'
  '103.22.200.0/22'
  '103.31.4.0/22'
  '141.101.64.0/18'
  '108.162.192.0/18'
  '190.93.240.0/20'
  '188.114.96.0/20'
  '197.234.240.0/22'
  '198.41.128.0/17'
  '162.158.0.0/15'
  '104.16.0.0/13'
  '104.24.0.0/14'
  '172.64.0.0/13'
  '131.0.72.0/22'
  '2400:cb00::/32'
  '2606:4700::/32'
  '2803:f800::/32'
  '2405:b500::/32'
  '2405:8100::/32'
  '2a06:98c0::/29'
  '2c0f:f248::/32'
]

@description('Optional. Ranges of our own from which the health checks are called, such as 192.0.2.7/32. Pages stay refused.')
param healthCheckRanges string[] = []

@description('Optional. A budget for our own spend; none without it.')
param budget monthlyBudget?

@description('Optional. Days for which a deleted row can still be restored.')
@minValue(1)
@maxValue(35)
param backupRetentionDays int = 7

var suffix = uniqueString(resourceGroup().id)
var tags = { service: 'caleta-cost-review', dataResidency: 'UK South' }

// Known before anything is deployed, so that Azure's preview can name every role assignment.
var names = {
  storage: take(toLower('${replace(prefix, '-', '')}${suffix}'), 24)
  serviceBus: '${prefix}-bus-${suffix}'
  keyVault: take('${prefix}-${suffix}', 24)
  insights: '${prefix}-insights'
}

module identity 'identity.bicep' = {
  name: 'identity'
  params: { location: location, name: '${prefix}-identity', tags: tags }
}

// Takes old entries out of the activity log; has a right in the database and none in Azure.
module purgeIdentity 'identity.bicep' = {
  name: 'purgeIdentity'
  params: { location: location, name: '${prefix}-purge-identity', tags: tags }
}

module monitoring 'monitoring.bicep' = {
  name: 'monitoring'
  params: { location: location, workspaceName: '${prefix}-logs', insightsName: names.insights, tags: tags }
}

module network 'network.bicep' = {
  name: 'network'
  params: { location: location, prefix: prefix, tags: tags }
}

module storage 'storage.bicep' = {
  name: 'storage'
  params: {
    location: location
    name: names.storage
    workspaceId: monitoring.outputs.workspaceId
    tags: tags
  }
}

module serviceBus 'servicebus.bicep' = {
  name: 'serviceBus'
  params: {
    location: location
    name: names.serviceBus
    workspaceId: monitoring.outputs.workspaceId
    tags: tags
  }
}

module sql 'sql.bicep' = {
  name: 'sql'
  params: {
    location: location
    serverName: '${prefix}-sql-${suffix}'
    administratorGroup: sqlAdministratorGroup
    serverExists: sqlServerExists
    workspaceId: monitoring.outputs.workspaceId
    backupRetentionDays: backupRetentionDays
    tags: tags
  }
}

module keyVault 'keyvault.bicep' = {
  name: 'keyVault'
  params: {
    location: location
    name: names.keyVault
    workspaceId: monitoring.outputs.workspaceId
    tags: tags
  }
}

module sqlEndpoint 'private_endpoint.bicep' = {
  name: 'sqlEndpoint'
  params: {
    location: location
    name: '${prefix}-sql-endpoint'
    targetId: sql.outputs.serverId
    groupId: 'sqlServer'
    zoneName: 'privatelink${environment().suffixes.sqlServerHostname}'
    subnetId: network.outputs.endpointSubnetId
    networkId: network.outputs.id
    tags: tags
  }
}

module keyVaultEndpoint 'private_endpoint.bicep' = {
  name: 'keyVaultEndpoint'
  params: {
    location: location
    name: '${prefix}-vault-endpoint'
    targetId: keyVault.outputs.id
    groupId: 'vault'
    zoneName: 'privatelink.vaultcore.azure.net'
    subnetId: network.outputs.endpointSubnetId
    networkId: network.outputs.id
    tags: tags
  }
}

module storageEndpoints 'private_endpoint.bicep' = [
  for service in ['blob', 'table']: {
    name: '${service}Endpoint'
    params: {
      location: location
      name: '${prefix}-${service}-endpoint'
      targetId: storage.outputs.id
      groupId: service
      zoneName: 'privatelink.${service}.${environment().suffixes.storage}'
      subnetId: network.outputs.endpointSubnetId
      networkId: network.outputs.id
      tags: tags
    }
  }
]

module registrations 'registrations.bicep' = {
  name: 'registrations'
  params: {
    baseUrl: baseUrl
    applicationName: applicationName
    deploymentName: suffix
    owners: applicationOwners
    identityPrincipalId: identity.outputs.principalId
  }
}

module roles 'roles.bicep' = {
  name: 'roles'
  dependsOn: [storage, serviceBus, keyVault, monitoring]
  params: {
    // The preview names these role assignments imprecisely. A name made without the principal would be refused once
    // the identity is created again: Azure does not let an assignment change its principal.
    #disable-next-line what-if-short-circuiting
    principalId: identity.outputs.principalId
    deployerGroupId: sqlAdministratorGroup.objectId
    resourceNames: names
  }
}

module functions 'functions.bicep' = {
  name: 'functions'
  // Without its rights, and the way to them, the app cannot even fetch its package.
  dependsOn: [roles, storageEndpoints, sqlEndpoint, keyVaultEndpoint]
  params: {
    location: location
    prefix: '${prefix}-${suffix}'
    identity: { resourceId: identity.outputs.resourceId, clientId: identity.outputs.clientId }
    purgeIdentityResourceId: purgeIdentity.outputs.resourceId
    storage: { name: storage.outputs.name, deploymentContainerUrl: storage.outputs.deploymentContainerUrl }
    serviceBusHostName: serviceBus.outputs.hostName
    subnetId: network.outputs.appSubnetId
    frontDoorRanges: frontDoorRanges
    healthCheckRanges: healthCheckRanges
    appSettings: {
      APP_ENVIRONMENT: 'azure'
      APP_BASE_URL: baseUrl
      ENTRA_CLIENT_ID: registrations.outputs.customerClientId
      KEY_VAULT_URL: keyVault.outputs.uri
      MANAGED_IDENTITY_CLIENT_ID: identity.outputs.clientId
      PURGE_IDENTITY_CLIENT_ID: purgeIdentity.outputs.clientId
      OPERATOR_TENANT_ID: tenant().tenantId
      OPERATOR_CLIENT_ID: registrations.outputs.deskClientId
      MAIL_SENDER: mailSender
      REVIEWERS_EMAIL: reviewersEmail
      APPLICATIONINSIGHTS_CONNECTION_STRING: monitoring.outputs.connectionString
      SERVICE_BUS_NAMESPACE: serviceBus.outputs.hostName
      SQL_URL: 'mssql+pyodbc://${sql.outputs.serverHostName}/${sql.outputs.databaseName}'
      BLOBS_ENDPOINT: storage.outputs.blobsEndpoint
      TABLES_ENDPOINT: storage.outputs.tablesEndpoint
      // App Service reads the secret with the app's identity; the newest version within 24 hours, or at a restart.
      FRONT_DOOR_SECRETS: '@Microsoft.KeyVault(SecretUri=${keyVault.outputs.uri}secrets/front-door)'
    }
    tags: tags
  }
}

module alerts 'alerts.bicep' = {
  name: 'alerts'
  params: {
    location: location
    prefix: prefix
    onCallEmail: onCallEmail
    insightsId: monitoring.outputs.insightsId
    serviceBusId: serviceBus.outputs.id
    tags: tags
  }
}

module spend 'budget.bicep' = if (budget != null) {
  name: 'spend'
  params: { name: '${prefix}-budget', budget: budget!, contactEmail: onCallEmail }
}

output appName string = functions.outputs.name
output appHostName string = functions.outputs.hostName
output sqlServerName string = sql.outputs.serverName
output sqlServerHostName string = sql.outputs.serverHostName
output databaseName string = sql.outputs.databaseName
output keyVaultName string = keyVault.outputs.name
output keyVaultUri string = keyVault.outputs.uri
output identityName string = identity.outputs.name
output purgeIdentityName string = purgeIdentity.outputs.name
output identityClientId string = identity.outputs.clientId
output identityPrincipalId string = identity.outputs.principalId
output purgeIdentityClientId string = purgeIdentity.outputs.clientId
output backupRetentionDays int = sql.outputs.backupRetentionDays
output customerClientId string = registrations.outputs.customerClientId
output deskClientId string = registrations.outputs.deskClientId
output deskPrincipalId string = registrations.outputs.deskPrincipalId
