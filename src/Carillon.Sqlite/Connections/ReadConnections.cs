using System.Collections.Concurrent;

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

    public void Dispose()
    {
        _isClosed = true;
        while (_idle.TryTake(out var connection))
            connection.Dispose();
    }
}
