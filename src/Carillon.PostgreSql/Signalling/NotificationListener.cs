using System.Globalization;
using Carillon.Relational;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>
/// Notices what other processes change: by notifications on a connection of its own, and in case one was missed, by saying now and then that
/// anything may have changed.
/// </summary>
/// <param name="connections">Where connections come from.</param>
/// <param name="options">The schema, and how often to poll.</param>
/// <param name="everything">The flags that mean that anything may have changed.</param>
/// <param name="raise">Called with the flags of what changed, also when this process changed it itself. Returns at once and never throws.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where failures are reported.</param>
/// <param name="isSaid">Whether somebody else says an error; null where nobody does.</param>
internal sealed class NotificationListener(
    PostgreSqlConnections connections, PostgreSqlOptions options, int everything, Action<int> raise, TimeProvider time, ILogger logger,
    Func<Exception, bool>? isSaid = null)
{
    private readonly string _listen = $"LISTEN \"{NotificationChannel.Of(options.Schema)}\"";
    private readonly Patience _patience = new(time);
    private bool _isFailing;

    /// <summary>Listens until cancelled.</summary>
    public Task RunAsync(CancellationToken stopping) => Task.WhenAll(ListenAsync(stopping), PollAsync(stopping));

    private async Task ListenAsync(CancellationToken stopping)
    {
        await Task.Yield();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (!await ListenOnceAsync(stopping))
                    return;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                if (isSaid?.Invoke(e) != true && !_isFailing)
                {
                    logger.ListeningFailed(e, connections.Database, options.PollInterval.TotalMilliseconds);
                    _isFailing = true;
                }
            }

            await PauseAsync(stopping);
        }
    }

    /// <returns>False where nobody can listen.</returns>
    private async Task<bool> ListenOnceAsync(CancellationToken stopping)
    {
        await using var connection = await connections.OpenSessionAsync(stopping);
        if (connection is null)
            return false;
        connection.Notification += (_, notification) => Raise(notification.Payload);
        await using (var command = new NpgsqlCommand(_listen, connection))
            await command.ExecuteNonQueryAsync(stopping);
        if (_isFailing)
            logger.ListeningAgain(connections.Database);
        _isFailing = false;
        _patience.Reset();

        // Whatever was sent before this moment was sent to nobody.
        raise(everything);
        while (!stopping.IsCancellationRequested)
            await connection.WaitAsync(stopping);
        return true;
    }

    private async Task PauseAsync(CancellationToken stopping)
    {
        try
        {
            await _patience.AfterFailureAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The loop ends by itself.
        }
    }

    private async Task PollAsync(CancellationToken stopping)
    {
        await Task.Yield();
        try
        {
            while (true)
            {
                await Task.Delay(options.PollInterval, time, stopping);
                raise(everything);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The database is being closed.
        }
    }

    // What a newer version or somebody else says may mean anything.
    private void Raise(string payload) => raise(
        int.TryParse(payload, NumberStyles.None, CultureInfo.InvariantCulture, out var changes) && (changes & ~everything) == 0 ? changes : everything);
}
