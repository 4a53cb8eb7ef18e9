namespace Carillon.EntityFrameworkCore.Tests.Walking;

/// <summary>Walks over contexts on SQLite.</summary>
public sealed class SqliteContextWalkTests : ContextWalkTests<SqliteShopDatabase>;
