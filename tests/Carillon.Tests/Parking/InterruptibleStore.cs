using Carillon.InMemory;
using Carillon.Parking;
using Carillon.Transports;

namespace Carillon.Tests.Parking;

/// <summary>The in-memory store, behind a line that does to each call what the test says.</summary>
internal sealed class InterruptibleStore(TimeProvider time) : IParkingStore
{
    private readonly Lock _gate = new();
    private readonly List<string> _calls = [];
    private readonly List<ParkedMessage> _written = [];

    public InMemoryParkingStore Store { get; } = new(time);

    /// <summary>Called before each call, to make it fail.</summary>
    public Action<string> Before { get; set; } = static _ => { };

    /// <summary>Called with each claim that the store has done, before its answer arrives.</summary>
    public Func<IReadOnlyList<ParkedMessage>, Task> AfterClaim { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Which members were called, in order: not those that wait or belong to an assignment.</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_gate)
                return [.. _calls];
        }
    }

    /// <summary>Every message that was parked, or kept because it failed again, in order.</summary>
    public IReadOnlyList<ParkedMessage> Written
    {
        get
        {
            lock (_gate)
                return [.. _written];
        }
    }

    public ValueTask<IReadOnlyList<ParkingOwner>> TakeOverAsync(string subscription, IReadOnlyCollection<AssignedPartition> partitions, CancellationToken cancellation)
    {
        Before("take over");
        return Store.TakeOverAsync(subscription, partitions, cancellation);
    }

    public ValueTask<IReadOnlyList<string>> ReadHeldUpAsync(ParkingOwner owner, string? after, int limit, CancellationToken cancellation) =>
        Store.ReadHeldUpAsync(owner, after, limit, cancellation);

    public ValueTask<ParkingAnswer> ParkAsync(ParkingOwner owner, IReadOnlyList<ParkedMessage> messages, CancellationToken cancellation)
    {
        Note("park", messages);
        return Store.ParkAsync(owner, messages, cancellation);
    }

    public ValueTask<ParkingAnswer> SettleAsync(ParkingOwner owner, IReadOnlyList<long> finished, ParkedMessage? failed, CancellationToken cancellation)
    {
        Note("settle", failed is null ? [] : [failed]);
        return Store.SettleAsync(owner, finished, failed, cancellation);
    }

    public ValueTask RetireAsync(string subscription, CancellationToken cancellation) => Store.RetireAsync(subscription, cancellation);

    public ValueTask<IReadOnlyCollection<RoutedType>> ReviveAsync(ParkingOwner owner, HandledMessages handles, CancellationToken cancellation) =>
        Store.ReviveAsync(owner, handles, cancellation);

    public async ValueTask<IReadOnlyList<ParkedMessage>> ClaimAsync(ParkingClaim claim, CancellationToken cancellation)
    {
        Note("claim", []);
        var claimed = await Store.ClaimAsync(claim, cancellation);
        await AfterClaim(claimed);
        return claimed;
    }

    public ValueTask WaitForWorkAsync(string subscription, IReadOnlyCollection<string> partitions, TimeSpan patience, CancellationToken cancellation) =>
        Store.WaitForWorkAsync(subscription, partitions, patience, cancellation);

    public ValueTask<IReadOnlyList<ReplayedKey>> WaitForReplaysAsync(string subscription, long after, TimeSpan patience, CancellationToken cancellation) =>
        Store.WaitForReplaysAsync(subscription, after, patience, cancellation);

    private void Note(string call, IReadOnlyList<ParkedMessage> written)
    {
        lock (_gate)
        {
            _calls.Add(call);
            _written.AddRange(written);
        }

        Before(call);
    }
}
