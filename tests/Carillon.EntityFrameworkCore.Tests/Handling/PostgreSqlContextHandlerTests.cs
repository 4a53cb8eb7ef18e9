namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>Handlers with contexts on PostgreSQL.</summary>
public sealed class PostgreSqlContextHandlerTests : ContextHandlerTests<PostgreSqlShopDatabase>;
