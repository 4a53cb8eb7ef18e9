namespace Carillon.Sqlite;

/// <summary>
/// Whose turn it is to write to a file in this process: the writer's or a unit of work's. They queue here in their order, because SQLite
/// itself lets those who wait for its lock look again and again.
/// </summary>
internal sealed class WriteTurn(TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Waits for the turn. <see cref="End"/> gives it to the next.</summary>
    /// <exception cref="TimeoutException">Somebody has it for too long.</exception>
    public async ValueTask TakeAsync(TimeSpan patience, CancellationToken cancellation)
    {
        if (_turn.Wait(0, CancellationToken.None))
            return;
        using var late = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            await _turn.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"A unit of work has kept everybody else from writing for {patience}.");
        }
    }

    public void End() => _turn.Release();

    public void Dispose() => _turn.Dispose();
}
