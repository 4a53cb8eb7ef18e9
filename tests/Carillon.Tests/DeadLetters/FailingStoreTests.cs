using System.Collections.Concurrent;
using Carillon.Parking;
using Carillon.Tests.Hosting;
using Carillon.Transports;

namespace Carillon.Tests.DeadLetters;

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

    /// <summary>The in-memory store, behind a line that is down for the first few writes.</summary>
    private sealed class UnreliableStore(int failures) : IParkingStore, IDeadLetters
    {
        private readonly InMemoryParkingStore _store = new(TimeProvider.System);
        private int _failed;

        public int Failed => Math.Min(Volatile.Read(ref _failed), failures);

        public ValueTask ParkAsync(IReadOnlyList<ParkedMessage> messages, CancellationToken cancellation) =>
            Interlocked.Increment(ref _failed) <= failures
                ? throw new CarillonException(ErrorCodes.ParkingFailed, "the store is away")
                : _store.ParkAsync(messages, cancellation);

        public ValueTask<IReadOnlyDictionary<string, int>> CountByKeyAsync(string subscription, string partition, CancellationToken cancellation) =>
            _store.CountByKeyAsync(subscription, partition, cancellation);

        public ValueTask WaitForWorkAsync(string subscription, TimeSpan patience, CancellationToken cancellation) =>
            _store.WaitForWorkAsync(subscription, patience, cancellation);

        public ValueTask<IReadOnlyList<ParkedMessage>> ClaimAsync(ParkingClaim claim, CancellationToken cancellation) => _store.ClaimAsync(claim, cancellation);

        public ValueTask UpdateAsync(ParkedMessage message, CancellationToken cancellation) => _store.UpdateAsync(message, cancellation);

        public ValueTask ReviveAsync(string subscription, string partition, HandledTypes handles, CancellationToken cancellation) =>
            _store.ReviveAsync(subscription, partition, handles, cancellation);

        public ValueTask CompleteAsync(IReadOnlyList<long> ids, CancellationToken cancellation) => _store.CompleteAsync(ids, cancellation);

        public ValueTask<IReadOnlyList<DeadLetter>> ListAsync(DeadLetterQuery query, CancellationToken cancellation = default) => _store.ListAsync(query, cancellation);

        public ValueTask<DeadLetter?> FindAsync(long id, CancellationToken cancellation = default) => _store.FindAsync(id, cancellation);

        public ValueTask ReplayAsync(long id, CancellationToken cancellation = default) => _store.ReplayAsync(id, cancellation);

        public ValueTask DiscardAsync(long id, CancellationToken cancellation = default) => _store.DiscardAsync(id, cancellation);
    }
}
