// Copy this file in this folder and fill in the copy; it holds no secret:
//   cp bicep/main.example.bicepparam bicep/production.bicepparam

using 'main.bicep'

param baseUrl = 'https://review.example.com'
param sqlAdministratorGroup = { name: 'costreview-sql-administrators', objectId: '00000000-0000-0000-0000-000000000000' }
param mailSender = 'review@example.com'
param reviewersEmail = 'reviewers@example.com'
param onCallEmail = 'on-call@example.com'

// Object ids of further users and service principals that deploy:
// param applicationOwners = ['…']
// From the current month or a later one, once the subscription is two days old:
// param budget = { amount: 500, startDate: '2027-01-01' }
