using Carillon.Conformance;
using Carillon.Transports;

namespace Carillon.Sqlite.Tests;

/// <summary>Services of several hosts on one file, as in several processes: each has its own writer.</summary>
public sealed class SqliteHostsConformance : TransportConformance
{
    private readonly TemporaryFolder _folder = new();

    protected override ITransport CreateTransport(string service) => new HostTransport(_folder.ConnectionString);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}
