namespace Carillon.Testing.Transports;

/// <summary>A token that is cancelled at a time, or when one of others is.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _timeout;
    private readonly CancellationTokenSource _linked;

    /// <summary>Creates a deadline.</summary>
    /// <param name="after">When, from now; at once when it is not positive.</param>
    /// <param name="time">The clock.</param>
    /// <param name="others">What else cancels it.</param>
    public Deadline(TimeSpan after, TimeProvider time, params ReadOnlySpan<CancellationToken> others)
    {
        _time = time;
        _timeout = new CancellationTokenSource(after > TimeSpan.Zero ? after : TimeSpan.Zero, time);
        _linked = CancellationTokenSource.CreateLinkedTokenSource([_timeout.Token, .. others]);
    }

    /// <summary>The token.</summary>
    public CancellationToken Token => _linked.Token;

    /// <summary>Completes when the token is cancelled.</summary>
    public async ValueTask PassAsync()
    {
        // Not Task.WhenAny, which would go on by way of the thread pool.
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, Token);
        }
        catch (OperationCanceledException)
        {
            // That is what was waited for.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _linked.Dispose();
        _timeout.Dispose();
    }
}
