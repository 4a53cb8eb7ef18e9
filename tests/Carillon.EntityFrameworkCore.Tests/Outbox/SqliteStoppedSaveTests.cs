namespace Carillon.EntityFrameworkCore.Tests.Outbox;

/// <summary>Saves on SQLite that are stopped.</summary>
public sealed class SqliteStoppedSaveTests : StoppedSaveTests<SqliteShopDatabase>;
