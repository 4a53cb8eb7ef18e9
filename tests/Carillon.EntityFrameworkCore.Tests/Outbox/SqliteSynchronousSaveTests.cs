namespace Carillon.EntityFrameworkCore.Tests.Outbox;

/// <summary>Synchronous saves on SQLite.</summary>
public sealed class SqliteSynchronousSaveTests : SynchronousSaveTests<SqliteShopDatabase>;
