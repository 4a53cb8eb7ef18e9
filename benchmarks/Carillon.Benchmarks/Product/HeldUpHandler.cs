namespace Carillon.Benchmarks;

/// <summary>Fails with the first event of a key until it is mended, and counts what it handles.</summary>
public sealed class HeldUpHandler
{
    private readonly TaskCompletionSource _published = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _handled;

    /// <summary>Whether the first event can be handled.</summary>
    public bool IsMended { get; set; }

    /// <summary>How many events were handled.</summary>
    public int Handled => Volatile.Read(ref _handled);

    /// <summary>Everything is published: the first event may fail.</summary>
    public void Begin() => _published.SetResult();

    public async ValueTask HandleAsync(OrderCreated order)
    {
        if (order.UserId == HeldUpKey.First && !IsMended)
        {
            await _published.Task;
            throw new FormatException("The first event of the key fails.");
        }

        Interlocked.Increment(ref _handled);
    }
}
