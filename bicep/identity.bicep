// An identity of the app's. Everything that one may do in Azure is in roles.bicep, in the database in shared/sql/rights.py.

import { tagSet } from 'types.bicep'

@description('Required. Azure region.')
@allowed(['uksouth'])
param location string

@description('Required. Name of the user-assigned identity.')
param name string

@description('Optional. Tags of every resource.')
param tags tagSet = {}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
  tags: tags
}

output resourceId string = identity.id
output name string = identity.name
output clientId string = identity.properties.clientId
output principalId string = identity.properties.principalId
