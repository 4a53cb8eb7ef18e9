namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>Handlers with contexts on SQLite.</summary>
public sealed class SqliteContextHandlerTests : ContextHandlerTests<SqliteShopDatabase>;
