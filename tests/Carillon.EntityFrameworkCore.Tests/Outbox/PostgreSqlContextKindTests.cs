namespace Carillon.EntityFrameworkCore.Tests.Outbox;

/// <summary>Kinds of contexts on PostgreSQL.</summary>
public sealed class PostgreSqlContextKindTests : ContextKindTests<PostgreSqlShopDatabase>;
