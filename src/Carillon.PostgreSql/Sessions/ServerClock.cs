namespace Carillon.PostgreSql;

/// <summary>The clock of the server, as well as it is known here: all who share the database go by it.</summary>
internal sealed class ServerClock(TimeProvider local)
{
    private long _skew;

    public DateTimeOffset Now => local.GetUtcNow() + new TimeSpan(Volatile.Read(ref _skew));

    /// <summary>Learns from what the server has just said by how much its clock is ahead of this process's own.</summary>
    public TimeSpan Measure(DateTimeOffset server)
    {
        var skew = server - local.GetUtcNow();
        Volatile.Write(ref _skew, skew.Ticks);
        return skew;
    }
}
