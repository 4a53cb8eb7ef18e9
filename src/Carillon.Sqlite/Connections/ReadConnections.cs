using System.Collections.Concurrent;
using Carillon.Relational;

namespace Carillon.Sqlite;

/// <summary>Connections for short reads that anyone may ask for, kept open between them.</summary>
internal sealed class ReadConnections(ConnectionFactory factory) : IDisposable
{
    private const int KeptMax = 4;
    private readonly ConcurrentBag<PreparedConnection> _idle = [];
    private volatile bool _isClosed;

    /// <summary>Runs a read. A connection that failed is not used again.</summary>
    public TResult Read<TState, TResult>(TState state, Func<PreparedConnection, TState, TResult> read)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        factory.CheckInPlace();
        var connection = _idle.TryTake(out var idle) ? idle : new PreparedConnection(factory.Open());
        try
        {
            var result = read(connection, state);
            if (_isClosed || _idle.Count >= KeptMax)
                connection.Dispose();
            else
                _idle.Add(connection);
            return result;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The same for what awaits its statements, which never really wait here.</summary>
    public async ValueTask<TResult> ReadAsync<TState, TResult>(TState state, Func<Session, TState, ValueTask<TResult>> read) =>
        await Read((state, read), static (connection, query) => query.read(connection, query.state));

    public void Dispose()
    {
        _isClosed = true;
        while (_idle.TryTake(out var connection))
            connection.Dispose();
    }
}
