namespace Carillon.KillTests;

/// <summary>The transports that can be tested.</summary>
internal static class TransportChoice
{
    private const string Sqlite = "sqlite";
    private const string Postgres = "postgres";
    private const string SqliteOutbox = "sqlite-outbox";

    /// <summary>Their names on the command line.</summary>
    public static readonly IReadOnlyList<string> Names = [Sqlite, Postgres, SqliteOutbox];

    /// <summary>The transports whose server the run may kill.</summary>
    public static readonly IReadOnlyList<string> WithServer = [Postgres];

    /// <summary>Makes room for one.</summary>
    /// <param name="arguments">Which one.</param>
    /// <param name="folder">Where its files are, if it has any.</param>
    /// <exception cref="KillTestArgumentException">The server cannot be had, or may not be killed although the arguments ask for it.</exception>
    public static async Task<ITransportPlace> PrepareAsync(KillTestArguments arguments, string folder)
    {
        if (arguments.Transport is Sqlite or SqliteOutbox)
            return new FilePlace(folder);
        if (Environment.GetEnvironmentVariable(GivenServerPlace.Variable) is not { Length: > 0 } given || arguments.ServerKills > 0 || arguments.Disturbances.HasFlag(Disturbances.Outage))
            return await OwnServerPlace.CreateAsync();
        return await GivenServerPlace.CreateAsync(given);
    }

    /// <summary>Makes one.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="address">Where it is.</param>
    /// <param name="timing">How long its leases last.</param>
    public static ITransportUnderTest Create(string name, string address, Timing timing) => name switch
    {
        Sqlite => new SqliteUnderTest(address, timing),
        Postgres => new PostgreSqlUnderTest(address, timing),
        SqliteOutbox => new SqliteOutboxUnderTest(address, timing),
        _ => throw new KillTestArgumentException($"There is no transport \"{name}\"."),
    };

    /// <summary>The places between two steps at which one stores something.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="role">Who comes by.</param>
    public static IReadOnlyList<string> Failpoints(string name, RoleName role) => (name, role) switch
    {
        (Sqlite, _) => ["sqlite.committing", "sqlite.committed"],
        (SqliteOutbox, _) => ["sqlite.committing", "sqlite.committed", "relay.sending", "relay.sent"],
        (_, RoleName.Publisher) => ["postgresql.appending", "postgresql.appended"],
        _ => ["postgresql.appending", "postgresql.appended", "postgresql.committing", "postgresql.committed"],
    };
}
