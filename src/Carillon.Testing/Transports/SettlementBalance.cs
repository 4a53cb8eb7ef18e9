namespace Carillon.Testing.Transports;

/// <summary>
/// What became of the deliveries of one receiver. When all is quiet, as many were settled as were handed over. Safe to use from several threads.
/// </summary>
/// <param name="subscription">The subscription's full name.</param>
/// <param name="instance">The receiver's name.</param>
internal sealed class SettlementBalance(string subscription, string instance)
{
    private readonly Lock _gate = new();

    /// <summary>The subscription's full name.</summary>
    public string Subscription => subscription;

    /// <summary>The receiver's name.</summary>
    public string Instance => instance;

    /// <summary>How many messages were handed over.</summary>
    public int HandedOver { get; private set; }

    /// <summary>How many were acknowledged in time.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>How many were returned in time.</summary>
    public int Returned { get; private set; }

    /// <summary>How many were settled when their partition was not the receiver's any more, without effect.</summary>
    public int Stale { get; private set; }

    /// <summary>How many were handed over and not settled yet.</summary>
    public int Open => HandedOver - Acknowledged - Returned - Stale;

    /// <summary>The most that were open at once.</summary>
    public int MostOpen { get; private set; }

    /// <summary>How often the receiver's loop failed otherwise than by a lost connection.</summary>
    public int Failures { get; private set; }

    /// <summary>The last such failure.</summary>
    public Exception? LastFailure { get; private set; }

    /// <summary>Messages are handed over.</summary>
    public void HandOver(int count)
    {
        lock (_gate)
        {
            HandedOver += count;
            MostOpen = Math.Max(MostOpen, Open);
        }
    }

    /// <summary>A message was acknowledged.</summary>
    public void Acknowledge(bool isStale)
    {
        lock (_gate)
            _ = isStale ? Stale++ : Acknowledged++;
    }

    /// <summary>A message was returned.</summary>
    public void Return(bool isStale)
    {
        lock (_gate)
            _ = isStale ? Stale++ : Returned++;
    }

    /// <summary>The receiver's loop failed.</summary>
    public void Fail(Exception error)
    {
        lock (_gate)
            (Failures, LastFailure) = (Failures + 1, error);
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"{subscription} ({instance}): {HandedOver} handed over, {Acknowledged} acknowledged, {Returned} returned, {Stale} settled too late, {Open} open, {MostOpen} open at most");
}
