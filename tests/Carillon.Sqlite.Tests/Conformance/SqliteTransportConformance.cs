using Carillon.Conformance;
using Carillon.Relational;
using Carillon.Transports;
using Microsoft.Data.Sqlite;

namespace Carillon.Sqlite.Tests;

/// <summary>Services of one host: they share the file's one writer.</summary>
public sealed class SqliteTransportConformance : TransportConformance
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteFiles _files = new();

    protected override ITransport CreateTransport(string service) => new SqliteTransport(_files.Start(SqliteLocation.Parse(_folder.ConnectionString), new SqliteOptions { BusyTimeout = TimeSpan.FromSeconds(2) }), Log.Messages);

    // Somebody holds the write lock for longer than the writer waits for it.
    protected override async ValueTask<IAsyncDisposable?> RefuseForNowAsync()
    {
        var connection = new SqliteConnection(_folder.ConnectionString + ";Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _files.DisposeAsync();
        _folder.Dispose();
    }
}
