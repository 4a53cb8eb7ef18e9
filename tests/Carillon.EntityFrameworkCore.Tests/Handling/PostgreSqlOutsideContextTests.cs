namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>Contexts outside of the unit of work on PostgreSQL.</summary>
public sealed class PostgreSqlOutsideContextTests : OutsideContextTests<PostgreSqlShopDatabase>;
