namespace Carillon.EntityFrameworkCore.Tests.Outbox;

/// <summary>Kinds of contexts on SQLite.</summary>
public sealed class SqliteContextKindTests : ContextKindTests<SqliteShopDatabase>;
