using System.Data.Common;
using Carillon.PostgreSql;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Carillon.KillTests;

/// <summary>One PostgreSQL database, which is the handlers' database too.</summary>
internal sealed class PostgreSqlUnderTest(string connectionString, Timing timing) : DatabaseUnderTest
{
    protected override string CreateTables =>
        """
        SELECT pg_advisory_xact_lock(1);
        CREATE TABLE IF NOT EXISTS kill_effects (
            position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, subscription text NOT NULL, key text NOT NULL, version bigint NOT NULL,
            message text NOT NULL, process text NOT NULL, at bigint NOT NULL);
        CREATE TABLE IF NOT EXISTS kill_bookings (key text NOT NULL, version bigint NOT NULL, PRIMARY KEY (key, version))
        """;

    public override ICarillonBuilder Use(ICarillonBuilder carillon) => carillon.UsePostgreSql(connectionString, postgres =>
    {
        postgres.LeaseTime = timing.Lease;
        postgres.LockTimeout = timing.Wait;
        postgres.CommandTimeout = timing.Wait;
    });

    public override void Use(DbContextOptionsBuilder options) => options.UseNpgsql(connectionString);

    public override async ValueTask<DbConnection> OpenConnectionAsync(IServiceProvider services) =>
        await services.GetRequiredService<PostgreSqlDatabase>().OpenConnectionAsync();

    public override IReadOnlyList<Effect> ReadEffects(long after)
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        // Positions are given before the commit. Waiting for everybody who writes leaves none behind that would be passed.
        using var quiet = connection.CreateCommand();
        quiet.CommandText = "LOCK TABLE kill_effects IN SHARE MODE";
        quiet.ExecuteNonQuery();
        return EffectSql.ReadAfter(connection, after);
    }

    protected override DbConnection Open()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }
}
