using Carillon.Conformance;
using Carillon.Relational;
using Carillon.Transports;

namespace Carillon.Sqlite.Tests;

/// <summary>Services of one host: they share the file's one writer.</summary>
public sealed class SqliteTransportConformance : TransportConformance
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteFiles _files = new();

    protected override ITransport CreateTransport(string service) => new SqliteTransport(_files.Start(SqliteLocation.Parse(_folder.ConnectionString), new SqliteOptions()), Log.Messages);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _files.DisposeAsync();
        _folder.Dispose();
    }
}
