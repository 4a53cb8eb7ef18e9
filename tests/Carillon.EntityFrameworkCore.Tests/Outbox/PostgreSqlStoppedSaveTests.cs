namespace Carillon.EntityFrameworkCore.Tests.Outbox;

/// <summary>Saves on PostgreSQL that are stopped.</summary>
public sealed class PostgreSqlStoppedSaveTests : StoppedSaveTests<PostgreSqlShopDatabase>;
