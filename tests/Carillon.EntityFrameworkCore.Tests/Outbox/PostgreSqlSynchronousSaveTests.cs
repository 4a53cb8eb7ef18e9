namespace Carillon.EntityFrameworkCore.Tests.Outbox;

/// <summary>Synchronous saves on PostgreSQL.</summary>
public sealed class PostgreSqlSynchronousSaveTests : SynchronousSaveTests<PostgreSqlShopDatabase>;
