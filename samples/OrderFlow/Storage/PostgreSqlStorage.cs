using System.Data.Common;
using Carillon;
using Carillon.PostgreSql;

namespace OrderFlow.Storage;

/// <summary>One PostgreSQL database.</summary>
internal sealed class PostgreSqlStorage(string connectionString) : IShopStorage
{
    public string Name => "PostgreSQL";

    public string RunningNumber => "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY";

    public string? TakeTurns => "SELECT pg_advisory_xact_lock(hashtext('shop'))";

    public ICarillonBuilder Use(ICarillonBuilder carillon) => carillon.UsePostgreSql(connectionString);

    public async ValueTask<DbConnection> OpenAsync(IServiceProvider services, CancellationToken cancellation) =>
        await services.GetRequiredService<PostgreSqlDatabase>().OpenConnectionAsync(cancellation);
}
