using Carillon.Conformance.Transports;
using Carillon.Conformance.Waiting;
using Carillon.Parking;
using Carillon.Transports;

namespace Carillon.Conformance;

/// <summary>
/// What every store of parked messages and dead letters must do, as tests: each sentence of <see cref="IParkingStore"/> and
/// <see cref="IDeadLetters"/> is one. A store joins with a class that derives from this one and says how to open it.
/// </summary>
public abstract partial class ParkingStoreConformance : IAsyncLifetime
{
    private readonly VirtualTime _time = new();
    private readonly List<IParkingStore> _opened = [];
    private readonly Dictionary<(IParkingStore Store, string Subscription, string Partition), ParkingOwner> _owners = [];

    /// <summary>
    /// Opens the store. All stores of one test work on the same data, which is empty when the test begins; what is opened is disposed by the
    /// suite if it can be.
    /// </summary>
    /// <param name="time">The clock that decides what is due. Tests move it by hand.</param>
    /// <returns>The store, which is an <see cref="IDeadLetters"/> too.</returns>
    protected abstract ValueTask<IParkingStore> OpenStoreAsync(TimeProvider time);

    /// <summary>Whether messages survive the store's being closed and opened again. Default false.</summary>
    protected virtual bool IsDurable => false;

    /// <summary>
    /// Whether the store takes its time from the clock that it is given. A store that asks its server for the time says no, and the
    /// scenarios that move the clock are skipped. Default true.
    /// </summary>
    protected virtual bool KeepsGivenTime => true;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => KeepsGivenTime ? _time.GetUtcNow() : TimeProvider.System.GetUtcNow();

    private DateTimeOffset Past => Now.AddMinutes(-1);

    /// <summary>Prepares the data of one test. Does nothing unless overridden.</summary>
    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Closes what the scenario opened. Overrides call it first and clean up after it.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var store in _opened)
            await CloseAsync(store);
    }

    private static async ValueTask CloseAsync(IParkingStore store)
    {
        if (store is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync();
        else if (store is IDisposable disposable)
            disposable.Dispose();
    }

    private async Task<(IParkingStore Store, IDeadLetters DeadLetters)> OpenAsync()
    {
        var store = await OpenStoreAsync(KeepsGivenTime ? _time : TimeProvider.System);
        _opened.Add(store);
        return (store, Assert.IsType<IDeadLetters>(store, exactMatch: false));
    }

    private void RequireGivenTime() => Assert.SkipUnless(KeepsGivenTime, "the store takes the time from its server, so the test cannot move it");

    private ParkedMessage Parked(int number, string? key, string partition = Partitions.Whole) => new()
    {
        Subscription = "orders",
        Envelope = SampleMessages.Event("a.b", number, key),
        Partition = partition,
        Position = number,
        State = ParkedState.Scheduled,
        ParkedAt = Now,
    };

    private ParkedMessage Dead(int number, string? key, string partition = Partitions.Whole) => Parked(number, key, partition) with
    {
        State = ParkedState.Dead,
        Code = ErrorCodes.HandlerFailed,
        Reason = "the handler failed",
        Attempts = [new FailedAttempt(1, Past, "Inventory.On", "System.InvalidOperationException", "no stock", "   at Inventory.On()")],
    };

    private async ValueTask<ParkingOwner> OwnAsync(IParkingStore store, string partition = Partitions.Whole, string subscription = "orders")
    {
        if (!_owners.TryGetValue((store, subscription, partition), out var owner))
        {
            owner = Assert.Single(await store.TakeOverAsync(subscription, [new AssignedPartition(partition)], Cancellation));
            _owners.Add((store, subscription, partition), owner);
        }

        return owner;
    }

    private async ValueTask ParkAsync(IParkingStore store, params ParkedMessage[] messages)
    {
        foreach (var group in messages.GroupBy(message => (message.Subscription, message.Partition)))
            await store.ParkAsync(await OwnAsync(store, group.Key.Partition, group.Key.Subscription), [.. group], Cancellation);
    }

    private async ValueTask<ParkingAnswer> FinishAsync(IParkingStore store, params IEnumerable<ParkedMessage> messages) =>
        await store.SettleAsync(await OwnAsync(store), [.. messages.Select(message => message.Id)], null, Cancellation);

    private async ValueTask<ParkingAnswer> FailAsync(IParkingStore store, ParkedMessage message, params long[] finished) =>
        await store.SettleAsync(await OwnAsync(store), finished, message, Cancellation);

    private async Task<IReadOnlyList<ParkedMessage>> ClaimAsync(IParkingStore store, int limit = 100, int ofKey = 1) =>
        await store.ClaimAsync(new ParkingClaim([await OwnAsync(store)], limit, ofKey), Cancellation);

    private async Task<IReadOnlyList<string>> HeldUpAsync(IParkingStore store) => await store.ReadHeldUpAsync(await OwnAsync(store), null, 1_000, Cancellation);

    private static IReadOnlyList<int> Numbers(IEnumerable<ParkedMessage> messages) => [.. messages.Select(message => SampleMessages.NumberOf(message.Envelope)).Order()];

    private static IReadOnlyList<int> InOrder(IEnumerable<ParkedMessage> messages) => [.. messages.Select(message => SampleMessages.NumberOf(message.Envelope))];

    private static IReadOnlyList<int> Numbers(IEnumerable<DeadLetter> letters) => [.. letters.Select(letter => SampleMessages.NumberOf(letter.Envelope))];
}
