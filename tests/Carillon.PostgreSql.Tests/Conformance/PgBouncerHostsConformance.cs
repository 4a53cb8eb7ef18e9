namespace Carillon.PostgreSql.Tests;

/// <summary>Services of several hosts by way of a pooler that gives each transaction another session of the server.</summary>
public sealed class PgBouncerHostsConformance(TransactionPooler pooler) : PostgreSqlHostsConformance, IClassFixture<TransactionPooler>
{
    // Nobody is notified.
    private protected override PostgreSqlOptions Options { get; } = new() { PollInterval = TimeSpan.FromMilliseconds(50) };

    private protected override string ConnectionString => pooler.Through(base.ConnectionString);
}
