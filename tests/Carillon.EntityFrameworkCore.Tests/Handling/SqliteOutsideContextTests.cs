namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>Contexts outside of the unit of work on SQLite.</summary>
public sealed class SqliteOutsideContextTests : OutsideContextTests<SqliteShopDatabase>;
