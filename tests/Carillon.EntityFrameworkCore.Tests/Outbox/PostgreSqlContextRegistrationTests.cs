namespace Carillon.EntityFrameworkCore.Tests.Outbox;

/// <summary>How contexts on PostgreSQL may be registered.</summary>
public sealed class PostgreSqlContextRegistrationTests : ContextRegistrationTests<PostgreSqlShopDatabase>;
