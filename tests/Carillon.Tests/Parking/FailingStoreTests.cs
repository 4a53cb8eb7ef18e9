using System.Collections.Concurrent;
using Carillon.InMemory;
using Carillon.Parking;
using Carillon.Tests.Hosting;
using Carillon.Transports;

namespace Carillon.Tests.Parking;

/// <summary>A message whose parking fails is neither lost nor passed by; everything else goes on (G1, G3, G6).</summary>
public sealed class FailingStoreTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Handling_ShouldKeepTheMessageUntilItIsParked_WhenTheStoreIsAway()
    {
        var handled = new ConcurrentQueue<string>();
        var store = new UnreliableStore(failures: 4);
        await using var service = await TestService.StartAsync(carillon => carillon
            .UseStorePart<IParkingStore>(_ => store)
            .Subscription(subscription => subscription.Retry(retry => retry.DoNotRetry<FormatException>()))
            .On<StepTaken>(step =>
            {
                if (step is { Walker: "w", Number: 1 })
                    throw new FormatException("broken leg");
                handled.Enqueue($"{step.Walker}{step.Number}");
            }));

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);
        await service.Bus.PublishAsync(new StepTaken("w", 2), Cancellation);
        await service.Bus.PublishAsync(new StepTaken("x", 1), Cancellation);

        await Eventually.IsTrueAsync(async () => (await store.ListAsync(new DeadLetterQuery(), Cancellation)) is [{ Waiting: 1 }]);
        Assert.Equal(["x1"], handled);
        Assert.Equal(4, store.Failed);
    }

    /// <summary>More messages than workers wait for room in the store; what has nothing to do with them goes on meanwhile.</summary>
    [Fact]
    [Trait("Guarantee", "G6")]
    public async Task Handling_ShouldGoOnWithOtherKeys_WhenTheStoreIsFull()
    {
        var handled = new ConcurrentQueue<string>();
        var store = new InMemoryParkingStore(TimeProvider.System, capacityMessages: 1);
        await using var service = await TestService.StartAsync(carillon => carillon
            .UseStorePart<IParkingStore>(_ => store)
            .Subscription(subscription =>
            {
                (subscription.Concurrency, subscription.DeadLetters) = (2, DeadLetterPolicy.Skip);
                subscription.Retry(retry => retry.DoNotRetry<FormatException>());
            })
            .On<StepTaken>(step =>
            {
                if (step.Number < 0)
                    throw new FormatException("broken leg");
                handled.Enqueue($"{step.Walker}{step.Number}");
            }));
        for (var walker = 0; walker < 4; walker++)
            await service.Bus.PublishAsync(new StepTaken($"bad-{walker}", -1), Cancellation);
        await Eventually.IsTrueAsync(async () => await store.CountAsync(new DeadLetterQuery(), Cancellation) == 1);

        for (var walker = 0; walker < 20; walker++)
            await service.Bus.PublishAsync(new StepTaken($"good-{walker}", walker), Cancellation);

        await Eventually.IsTrueAsync(() => handled.Count == 20);
        var first = Assert.Single(await store.ListAsync(new DeadLetterQuery(), Cancellation));
        await store.DiscardAsync(first.Id, Cancellation);
        await Eventually.IsTrueAsync(async () => await store.CountAsync(new DeadLetterQuery(), Cancellation) == 1);
    }

    /// <summary>The in-memory store, behind a line that is down for the first few writes.</summary>
    private sealed class UnreliableStore(int failures) : IParkingStore, IDeadLetters
    {
        private readonly InMemoryParkingStore _store = new(TimeProvider.System);
        private int _failed;

        public int Failed => Math.Min(Volatile.Read(ref _failed), failures);

        public ValueTask<ParkingAnswer> ParkAsync(ParkingOwner owner, IReadOnlyList<ParkedMessage> messages, CancellationToken cancellation) =>
            Interlocked.Increment(ref _failed) <= failures
                ? throw new CarillonException(ErrorCodes.ParkingFailed, "the store is away")
                : _store.ParkAsync(owner, messages, cancellation);

        public ValueTask<IReadOnlyList<ParkingOwner>> TakeOverAsync(string subscription, IReadOnlyCollection<AssignedPartition> partitions, CancellationToken cancellation) =>
            _store.TakeOverAsync(subscription, partitions, cancellation);

        public ValueTask<IReadOnlyList<string>> ReadHeldUpAsync(ParkingOwner owner, string? after, int limit, CancellationToken cancellation) =>
            _store.ReadHeldUpAsync(owner, after, limit, cancellation);

        public ValueTask<ParkingAnswer> SettleAsync(ParkingOwner owner, IReadOnlyList<long> finished, ParkedMessage? failed, CancellationToken cancellation) =>
            _store.SettleAsync(owner, finished, failed, cancellation);

        public ValueTask RetireAsync(string subscription, CancellationToken cancellation) => throw new IOException("the store is away");

        public ValueTask<IReadOnlyCollection<RoutedType>> ReviveAsync(ParkingOwner owner, HandledMessages handles, CancellationToken cancellation) =>
            _store.ReviveAsync(owner, handles, cancellation);

        public ValueTask<IReadOnlyList<ParkedMessage>> ClaimAsync(ParkingClaim claim, CancellationToken cancellation) => _store.ClaimAsync(claim, cancellation);

        public ValueTask WaitForWorkAsync(string subscription, IReadOnlyCollection<string> partitions, TimeSpan patience, CancellationToken cancellation) =>
            _store.WaitForWorkAsync(subscription, partitions, patience, cancellation);

        public ValueTask<IReadOnlyList<ReplayedKey>> WaitForReplaysAsync(string subscription, long after, TimeSpan patience, CancellationToken cancellation) =>
            _store.WaitForReplaysAsync(subscription, after, patience, cancellation);

        public ValueTask<long> CountAsync(DeadLetterQuery query, CancellationToken cancellation = default) => _store.CountAsync(query, cancellation);

        public ValueTask<IReadOnlyList<DeadLetter>> ListAsync(DeadLetterQuery query, CancellationToken cancellation = default) => _store.ListAsync(query, cancellation);

        public ValueTask<DeadLetter?> FindAsync(long id, CancellationToken cancellation = default) => _store.FindAsync(id, cancellation);

        public ValueTask ReplayAsync(long id, CancellationToken cancellation = default) => _store.ReplayAsync(id, cancellation);

        public ValueTask DiscardAsync(long id, CancellationToken cancellation = default) => _store.DiscardAsync(id, cancellation);
    }
}
