using Carillon.Parking;
using Carillon.Transports;

namespace Carillon.Tests.DeadLetters;

/// <summary>The in-memory store, behind a line that does to each call what the test says.</summary>
internal sealed class InterruptibleStore(TimeProvider time) : IParkingStore
{
    private readonly Lock _gate = new();
    private readonly List<string> _calls = [];
    private readonly List<ParkedMessage> _written = [];

    public InMemoryParkingStore Store { get; } = new(time);

    /// <summary>Called before each call, to make it fail.</summary>
    public Action<string> Before { get; set; } = static _ => { };

    /// <summary>Which members were called, waiting aside, in order.</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_gate)
                return [.. _calls];
        }
    }

    /// <summary>Every message that was parked or updated, in order.</summary>
    public IReadOnlyList<ParkedMessage> Written
    {
        get
        {
            lock (_gate)
                return [.. _written];
        }
    }

    public ValueTask ParkAsync(IReadOnlyList<ParkedMessage> messages, CancellationToken cancellation)
    {
        Note("park");
        lock (_gate)
            _written.AddRange(messages);
        return Store.ParkAsync(messages, cancellation);
    }

    public ValueTask<IReadOnlyDictionary<string, int>> CountByKeyAsync(string subscription, string partition, CancellationToken cancellation)
    {
        Note("count");
        return Store.CountByKeyAsync(subscription, partition, cancellation);
    }

    public ValueTask WaitForWorkAsync(string subscription, TimeSpan patience, CancellationToken cancellation) =>
        Store.WaitForWorkAsync(subscription, patience, cancellation);

    public ValueTask<IReadOnlyList<ParkedMessage>> ClaimAsync(ParkingClaim claim, CancellationToken cancellation)
    {
        Note("claim");
        return Store.ClaimAsync(claim, cancellation);
    }

    public ValueTask UpdateAsync(ParkedMessage message, CancellationToken cancellation)
    {
        Note("update");
        lock (_gate)
            _written.Add(message);
        return Store.UpdateAsync(message, cancellation);
    }

    public ValueTask ReviveAsync(string subscription, string partition, HandledTypes handles, CancellationToken cancellation) =>
        Store.ReviveAsync(subscription, partition, handles, cancellation);

    public ValueTask CompleteAsync(IReadOnlyList<long> ids, CancellationToken cancellation)
    {
        Note("complete");
        return Store.CompleteAsync(ids, cancellation);
    }

    private void Note(string call)
    {
        lock (_gate)
            _calls.Add(call);
        Before(call);
    }
}
