namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>Handlers with pooled contexts on SQLite.</summary>
public sealed class SqliteContextPoolTests : ContextPoolTests<SqliteShopDatabase>;
