using System.Collections.Concurrent;

namespace Carillon.PostgreSql.Tests;

/// <summary>A listener that runs until it is disposed, and what it heard.</summary>
internal sealed class RunningListener : IAsyncDisposable
{
    public const int Everything = 7;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<int> _heard = new();
    private readonly Task _running;

    public RunningListener(PostgreSqlConnections connections, PostgreSqlOptions options, RecordingLogger? logger = null) =>
        _running = new NotificationListener(connections, options, Everything, _heard.Enqueue, TimeProvider.System, logger ?? new RecordingLogger()).RunAsync(_stopping.Token);

    /// <summary>The flags of each call, in order.</summary>
    public int[] Heard => [.. _heard];

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(10));
        _stopping.Dispose();
    }
}
