using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>
/// Tells other processes that something changed. It is rung after the commit, and sends in a transaction of its own: transactions that notify
/// commit one after the other, on the whole server, flushing to disk included. Whatever is rung while one is being sent becomes one more.
/// </summary>
/// <param name="connections">Where connections come from.</param>
/// <param name="schema">The schema whose listeners are told.</param>
/// <param name="logger">Where failures are reported.</param>
/// <param name="isSaid">Whether somebody else says an error; null where nobody does.</param>
internal sealed class Bell(PostgreSqlConnections connections, string schema, ILogger logger, Func<Exception, bool>? isSaid = null) : IAsyncDisposable
{
    private const string Send = "SELECT pg_notify(@channel, @changes)";
    private readonly string _channel = NotificationChannel.Of(schema);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private Task _sending = Task.CompletedTask;
    private int _pending;
    private bool _isSending;
    private bool _isFailing;
    private long _sent;

    /// <summary>How many notifications were sent.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Whether one is being sent now.</summary>
    public bool IsSending => Volatile.Read(ref _isSending);

    /// <summary>Returns at once and never fails.</summary>
    /// <param name="changes">The flags of what changed; with none, nobody is told.</param>
    public void Ring(int changes)
    {
        lock (_lock)
        {
            if (_stopping.IsCancellationRequested)
                return;
            _pending |= changes;
            if (_isSending || _pending == 0)
                return;

            // What is sent belongs to no caller's trace.
            using (ExecutionContext.SuppressFlow())
                _sending = SendAllAsync(Take());
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task sending;
        lock (_lock)
        {
            if (_stopping.IsCancellationRequested)
                return;
            _stopping.Cancel();
            sending = _sending;
        }

        await sending;
        _stopping.Dispose();
    }

    private async Task SendAllAsync(int changes)
    {
        await Task.Yield();
        for (; changes != 0; changes = Take())
        {
            try
            {
                await SendAsync(changes);
                _isFailing = false;
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                // The others look by themselves before long.
            }
            catch (Exception e)
            {
                if (isSaid?.Invoke(e) == true)
                    continue;
                if (!_isFailing)
                    logger.RingingFailed(e, connections.Database);
                _isFailing = true;
            }
        }
    }

    private int Take()
    {
        lock (_lock)
        {
            var changes = _stopping.IsCancellationRequested ? 0 : _pending;
            _pending = 0;
            _isSending = changes != 0;
            return changes;
        }
    }

    private async Task SendAsync(int changes)
    {
        await using var connection = await connections.OpenReservedAsync(_stopping.Token);
        await using var command = new NpgsqlCommand(Send, connection)
        {
            Parameters = { new("channel", _channel), new("changes", changes.ToString(CultureInfo.InvariantCulture)) },
        };
        // Not cancelled: the driver would ask the server for it.
        await command.ExecuteNonQueryAsync(CancellationToken.None);
        Interlocked.Increment(ref _sent);
    }
}
