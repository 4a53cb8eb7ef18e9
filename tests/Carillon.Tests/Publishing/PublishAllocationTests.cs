#pragma warning disable CA2012, xUnit1031, xUnit1051 // One thread does everything, so that what it allocates can be counted.
using System.Threading.Tasks.Sources;
using Carillon.Events;
using Carillon.Publishing;
using Carillon.Tests.Serialization;
using Carillon.Transports;

namespace Carillon.Tests.Publishing;

public sealed class PublishAllocationTests
{
    private const int Count = 2000;

    private static readonly UserRegistered _message = new("user-1", "Zoë", 42, 1.5m, 0.25, new DateTimeOffset(2026, 11, 21, 1, 2, 3, TimeSpan.Zero));

    [Fact]
    public async Task PublishAsync_ShouldAllocateTheBodyOnly_WhenTheSenderCompletesAtOnce()
    {
        using var batcher = new PublishBatcher(new PublisherOptions());
        var bus = Buses.Create(batcher);
        await batcher.StartAsync(new InstantSender());
        using var cancellation = new CancellationTokenSource();

        // Everything is of the steady path only after a few rounds: pools are filled, types are known.
        for (var i = 0; i < 100; i++)
            await bus.PublishAsync(_message, cancellation.Token);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Count; i++)
            bus.PublishAsync(_message, cancellation.Token).GetAwaiter().GetResult();
        var perMessage = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Count;

        Assert.Equal(SizeOfBody(), perMessage);
    }

    [Fact]
    public async Task PublishAsync_ShouldAllocateTheBodyOnly_WhenTheSenderCompletesLater()
    {
        var sender = new LaterSender();
        using var batcher = new PublishBatcher(new PublisherOptions());
        var bus = Buses.Create(batcher);
        await batcher.StartAsync(sender);

        var perMessage = 0.0;
        for (var round = 0; round < 5; round++)
        {
            // One thread does everything: the call, the confirmation, the wait. What the pool's threads do elsewhere is not counted.
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Count; i++)
            {
                var outcome = bus.PublishAsync(_message);
                sender.Confirm();
                outcome.GetAwaiter().GetResult();
            }

            perMessage = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Count;
        }

        Assert.Equal(SizeOfBody(), perMessage);
    }

    private static int SizeOfBody() => (24 + Serializers.Create().Serialize(AttributedMessage.Define<UserRegistered>(), _message).Length + 7) & ~7;

    private sealed class InstantSender : ITransportSender
    {
        public ValueTask<IReadOnlyList<SendFailure>?> SendAsync(ReadOnlyMemory<Envelope> batch, CancellationToken cancellation) => default;

        public ValueTask DisposeAsync() => default;
    }

    /// <summary>Confirms when the test says so, without allocating anything itself.</summary>
    private sealed class LaterSender : ITransportSender, IValueTaskSource<IReadOnlyList<SendFailure>?>
    {
        private ManualResetValueTaskSourceCore<IReadOnlyList<SendFailure>?> _core;

        public void Confirm() => _core.SetResult(null);

        public ValueTask<IReadOnlyList<SendFailure>?> SendAsync(ReadOnlyMemory<Envelope> batch, CancellationToken cancellation) => new(this, _core.Version);

        public ValueTask DisposeAsync() => default;

        IReadOnlyList<SendFailure>? IValueTaskSource<IReadOnlyList<SendFailure>?>.GetResult(short token)
        {
            var result = _core.GetResult(token);
            _core.Reset();
            return result;
        }

        ValueTaskSourceStatus IValueTaskSource<IReadOnlyList<SendFailure>?>.GetStatus(short token) => _core.GetStatus(token);

        void IValueTaskSource<IReadOnlyList<SendFailure>?>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);
    }
}
