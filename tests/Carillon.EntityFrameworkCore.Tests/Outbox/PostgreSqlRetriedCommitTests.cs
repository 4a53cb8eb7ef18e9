namespace Carillon.EntityFrameworkCore.Tests.Outbox;

/// <summary>Commits on PostgreSQL that are tried again.</summary>
public sealed class PostgreSqlRetriedCommitTests : RetriedCommitTests<PostgreSqlShopDatabase>;
