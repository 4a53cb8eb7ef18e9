namespace Carillon.EntityFrameworkCore.Tests.Outbox;

/// <summary>How contexts on SQLite may be registered.</summary>
public sealed class SqliteContextRegistrationTests : ContextRegistrationTests<SqliteShopDatabase>;
