using System.Data.Common;
using Carillon.Tests;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>A database of its own on a real server.</summary>
public sealed class PostgreSqlShopDatabase : ShopDatabase
{
    private TestDatabase? _database;

    /// <summary>The connection string of somebody who may do everything in it.</summary>
    public string ConnectionString => Proxy is null
        ? Server.ConnectionString
        : new NpgsqlConnectionStringBuilder(Server.ConnectionString) { Host = "127.0.0.1", Port = Proxy.Port }.ConnectionString;

    /// <summary>What cuts connections, once there is such a thing.</summary>
    internal CuttingProxy? Proxy { get; private set; }

    /// <summary>Whether the store creates its tables by itself.</summary>
    public bool MayCreateTables { get; init; } = true;

    /// <summary>The database, for statements of a stranger.</summary>
    internal TestDatabase Server => _database ?? throw new InvalidOperationException($"Call {nameof(CreateAsync)} first.");

    public override string Failing => "SELECT 1 / 0";

    public override string Refusing =>
        """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF EXISTS (SELECT 1 FROM refusals) THEN RAISE EXCEPTION 'refused'; END IF; RETURN NEW; END $$;
        CREATE TRIGGER refusing BEFORE INSERT ON carillon_messages FOR EACH ROW EXECUTE FUNCTION refuse()
        """;

    public override string HarmlessSetting => "Application Name=tenant";

    private string Another => new NpgsqlConnectionStringBuilder(ConnectionString) { Database = $"{Server.Name}_another" }.ConnectionString;

    public override async Task CreateAsync() => _database ??= await TestDatabase.CreateAsync();

    /// <summary>Lets everybody who connects from now on do so through a proxy that cuts connections.</summary>
    internal async Task<CuttingProxy> CreateProxyAsync()
    {
        await CreateAsync();
        var server = new NpgsqlConnectionStringBuilder(Server.ConnectionString);
        return Proxy = CuttingProxy.Start(server.Host!, server.Port);
    }

    public override void Use(ICarillonBuilder carillon) => carillon.UsePostgreSql(ConnectionString, postgres => postgres.CreateSchema = MayCreateTables);

    public override void Use(DbContextOptionsBuilder options) => options.UseNpgsql(ConnectionString);

    public override void Use(DbContextOptionsBuilder options, string settings) => options.UseNpgsql($"{ConnectionString};{settings}");

    public override void UseOtherWords(DbContextOptionsBuilder options) => Use(options, "Host=localhost");

    public override void UseAnother(DbContextOptionsBuilder options) => options.UseNpgsql(Another);

    public override void Use(DbContextOptionsBuilder options, DbConnection connection) => options.UseNpgsql(connection);

    public override void UseRetrying(DbContextOptionsBuilder options, Func<ExecutionStrategyDependencies, IExecutionStrategy> create) =>
        options.UseNpgsql(ConnectionString, npgsql => npgsql.ExecutionStrategy(create));

    /// <summary>Chooses the database for contexts, with the provider's own execution strategy.</summary>
    public void UseRetryOnFailure(DbContextOptionsBuilder options) => options.UseNpgsql(ConnectionString, npgsql => npgsql.EnableRetryOnFailure());

    public override async Task<DbConnection> OpenAsync()
    {
        await CreateAsync();
        var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    public override async ValueTask DisposeAsync()
    {
        if (_database is null)
            return;
        await _database.ExecuteAsync($"DROP DATABASE IF EXISTS {_database.Name}_another WITH (FORCE)");
        await _database.DisposeAsync();
        if (Proxy is not null)
            await Proxy.DisposeAsync();
    }
}
