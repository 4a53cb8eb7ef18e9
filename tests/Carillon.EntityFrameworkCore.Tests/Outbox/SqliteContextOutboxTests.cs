namespace Carillon.EntityFrameworkCore.Tests.Outbox;

/// <summary>The outbox of contexts on SQLite.</summary>
public sealed class SqliteContextOutboxTests : ContextOutboxTests<SqliteShopDatabase>;
