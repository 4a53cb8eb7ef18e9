#pragma warning disable CA2012, xUnit1031, xUnit1051 // A token of the test would be part of what is counted, and so would be the ways around the other two.
using System.Threading.Tasks.Sources;
using Carillon.Events;
using Carillon.Publishing;
using Carillon.Tests.Serialization;
using Carillon.Transports;

namespace Carillon.Tests.Publishing;

/// <summary>Runs with the others that count the bytes of the whole process, and beside nothing else.</summary>
[Collection(nameof(Subscribing.AllocationTests))]
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

        var perMessage = double.MaxValue;
        for (var round = 0; round < 50 && perMessage > SizeOfBody() + 1; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < Count; i++)
            {
                var outcome = bus.PublishAsync(_message);
                while (!sender.IsAsked)
                    await Task.Yield();
                sender.Confirm();
                await outcome;
            }

            perMessage = Math.Min(perMessage, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Count);
        }

        // The whole process is counted, because the batch is sent from elsewhere; whatever else it does in the quietest round is less than a byte each.
        Assert.InRange(perMessage, SizeOfBody(), SizeOfBody() + 1);
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

        private bool _isAsked;

        /// <summary>Whether a batch waits to be confirmed.</summary>
        public bool IsAsked => Volatile.Read(ref _isAsked);

        public void Confirm()
        {
            Volatile.Write(ref _isAsked, false);
            _core.SetResult(null);
        }

        public ValueTask<IReadOnlyList<SendFailure>?> SendAsync(ReadOnlyMemory<Envelope> batch, CancellationToken cancellation)
        {
            Volatile.Write(ref _isAsked, true);
            return new ValueTask<IReadOnlyList<SendFailure>?>(this, _core.Version);
        }

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
