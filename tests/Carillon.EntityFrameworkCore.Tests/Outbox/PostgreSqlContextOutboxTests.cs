namespace Carillon.EntityFrameworkCore.Tests.Outbox;

/// <summary>Messages of contexts on PostgreSQL.</summary>
public sealed class PostgreSqlContextOutboxTests : ContextOutboxTests<PostgreSqlShopDatabase>;
