using Carillon.Relational;
using Carillon.Transports;

namespace Carillon.Sqlite.Tests;

/// <summary>A host with one service on a file, as a process would have it.</summary>
public sealed class TestHost : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _opened = [];
    private readonly SqliteFiles _files;

    private TestHost(string connectionString, SqliteOptions options, TimeProvider? time)
    {
        _files = new SqliteFiles(time);
        File = _files.Start(SqliteLocation.Parse(connectionString), options);
        Transport = new SqliteTransport(File, Log.Messages);
    }

    public SqliteFile File { get; }

    internal SqliteTransport Transport { get; }

    public static async Task<TestHost> StartAsync(
        string connectionString, Topology topology, Action<SqliteOptions>? configure = null, TimeProvider? time = null)
    {
        var options = new SqliteOptions();
        configure?.Invoke(options);
        var host = new TestHost(connectionString, options, time);
        try
        {
            await host.Transport.EnsureTopologyAsync(topology, default);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public async Task<ITransportSender> OpenSenderAsync() => await Transport.OpenSenderAsync(default);

    public async Task<ITransportReceiver> ReceiveAsync(SubscriptionTopology subscription, IDeliverySink sink)
    {
        var receiver = await Transport.OpenReceiverAsync(subscription, default);
        _opened.Add(receiver);
        await receiver.StartAsync(sink, default);
        return receiver;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var receiver in _opened)
            await receiver.DisposeAsync();
        await Transport.DisposeAsync();
        await _files.DisposeAsync();
    }
}
