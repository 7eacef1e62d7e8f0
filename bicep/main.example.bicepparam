using 'main.bicep'

param baseUrl = 'https://review.example.com'
param sqlAdministratorGroup = { name: 'costreview-sql-administrators', objectId: '00000000-0000-0000-0000-000000000000' }
param mailSender = 'review@example.com'
param reviewersEmail = 'reviewers@example.com'
param onCallEmail = 'on-call@example.com'
param budgetStartDate = '2027-01-01'
