// Types of parameters that several files share. A record is sealed: a wrong or missing field does not compile.

@export()
@description('Tags of every resource.')
type tagSet = { *: string }

@export()
@sealed()
@description('A group in Microsoft Entra ID.')
type entraGroup = {
  @description('Display name, as Azure SQL shows it.')
  @minLength(1)
  name: string

  @description('Object id.')
  @minLength(36)
  @maxLength(36)
  objectId: string
}

@export()
@sealed()
@description('A budget of our own spend.')
type monthlyBudget = {
  @description('Amount a month, in the billing currency.')
  @minValue(1)
  amount: int

  @description('First month, as yyyy-MM-01: the current month or a later one. Azure refuses to change it afterwards.')
  @minLength(10)
  @maxLength(10)
  startDate: string
}
