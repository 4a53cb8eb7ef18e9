using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>
/// The connections to one database, each looked at once when it is physically opened. What keeps the house alive has its own: however many units of
/// work wait for a connection, leases are renewed and cursors written. Leases have one of these for themselves, because what others write and read may take long.
/// </summary>
internal sealed class ConnectionPools : IAsyncDisposable, IDisposable
{
    private const int ForLeases = 1;

    public ConnectionPools(DatabaseLocation location, PoolerMode pooler, DatabaseLocation? session, int reserved)
    {
        Pooler = pooler;
        Shared = Build(location.Pooled(pooler));
        Leases = Build(location.Reserved(pooler, ForLeases));
        Heartbeat = Build(location.Brief(pooler));
        Reserved = Build(location.Reserved(pooler, reserved - ForLeases));
        Session = session is not null ? Build(session.Single(PoolerMode.None))
            : pooler == PoolerMode.Transaction ? null
            : Build(location.Single(pooler));
    }

    /// <summary>What stands before the server.</summary>
    public PoolerMode Pooler { get; }

    /// <summary>For units of work and for the user, as many as the user's connection string says.</summary>
    public NpgsqlDataSource Shared { get; }

    /// <summary>For leases.</summary>
    public NpgsqlDataSource Leases { get; }

    /// <summary>For the thread that renews leases when nothing else comes to it. It has a connection only while it needs one.</summary>
    public NpgsqlDataSource Heartbeat { get; }

    /// <summary>For everything else that Carillon does.</summary>
    public NpgsqlDataSource Reserved { get; }

    /// <summary>For what needs a session of the server for itself; null where there can be none.</summary>
    public NpgsqlDataSource? Session { get; }

    public async ValueTask DisposeAsync()
    {
        await Shared.DisposeAsync();
        await Reserved.DisposeAsync();
        await Leases.DisposeAsync();
        await Heartbeat.DisposeAsync();
        if (Session is not null)
            await Session.DisposeAsync();
    }

    public void Dispose()
    {
        Shared.Dispose();
        Reserved.Dispose();
        Leases.Dispose();
        Heartbeat.Dispose();
        Session?.Dispose();
    }

    private static NpgsqlDataSource Build(NpgsqlConnectionStringBuilder settings) =>
        new NpgsqlDataSourceBuilder(settings.ConnectionString).UsePhysicalConnectionInitializer(ServerCheck.Run, ServerCheck.RunAsync).Build();
}
