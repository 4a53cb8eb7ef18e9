using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Carillon.Tests;

/// <summary>
/// Stands between clients and a server, and cuts a connection around a statement: once when told to, either before the server sees the
/// statement, or after it has answered and before the client knows.
/// </summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string _host;
    private readonly int _port;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _running = [];
    private string? _statement;
    private volatile TcpClient? _beingCut;
    private int _cuts;

    private CuttingProxy(string host, int port)
    {
        _host = host;
        _port = port;
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections were cut.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    /// <summary>Whether the server still gets the statement.</summary>
    public bool IsForwarded { get; set; } = true;

    public static CuttingProxy Start(string host, int port)
    {
        var proxy = new CuttingProxy(host, port);
        proxy._listener.Start();
        proxy._running.Add(proxy.AcceptAsync());
        return proxy;
    }

    /// <summary>Cuts the next connection that sends this text.</summary>
    public void CutAt(string statement) => Volatile.Write(ref _statement, statement);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await Task.WhenAll(_running);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                _running.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            try
            {
                await server.ConnectAsync(_host, _port, ended.Token);
                var forwarding = ForwardAsync(client, server, ended);
                await Task.WhenAny(forwarding, CopyAsync(server, client, ended.Token));
                // The answer to what came first in the same message finds no client any more, and the server still works on the rest.
                if (_beingCut == client)
                    await forwarding;
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
            {
                // Either end is gone, and so is the other.
            }

            await ended.CancelAsync();
        }
    }

    private async Task ForwardAsync(TcpClient client, TcpClient server, CancellationTokenSource ended)
    {
        var buffer = new byte[64 << 10];
        while (true)
        {
            var count = await client.GetStream().ReadAsync(buffer, ended.Token);
            if (count == 0)
                return;
            var statement = Volatile.Read(ref _statement);
            var isCut = statement is not null && Encoding.UTF8.GetString(buffer, 0, count).Contains(statement, StringComparison.Ordinal)
                && Interlocked.CompareExchange(ref _statement, null, statement) == statement;
            if (isCut)
            {
                await CutAsync(client, server, buffer.AsMemory(0, count), ended);
                return;
            }

            await server.GetStream().WriteAsync(buffer.AsMemory(0, count), ended.Token);
        }
    }

    /// <summary>Lets the client hear nothing more. The server gets the statement first, and has executed it when it closes the connection too.</summary>
    private async Task CutAsync(TcpClient client, TcpClient server, ReadOnlyMemory<byte> statement, CancellationTokenSource ended)
    {
        Interlocked.Increment(ref _cuts);
        _beingCut = client;
        client.Client.Close(0);
        if (IsForwarded)
        {
            var stream = server.GetStream();
            await stream.WriteAsync(statement, _stopping.Token);
            server.Client.Shutdown(SocketShutdown.Send);
            var answer = new byte[4 << 10];
            while (await stream.ReadAsync(answer, _stopping.Token) > 0)
            {
                // The server ends the connection when it has done what was sent.
            }
        }

        await ended.CancelAsync();
    }

    private static async Task CopyAsync(TcpClient from, TcpClient to, CancellationToken cancellation)
    {
        await from.GetStream().CopyToAsync(to.GetStream(), cancellation);
    }
}
