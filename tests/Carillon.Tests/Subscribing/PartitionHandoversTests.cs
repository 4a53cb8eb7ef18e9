using Carillon.Conformance.Waiting;
using Carillon.Transports;

namespace Carillon.Tests.Subscribing;

/// <summary>Two instances that each have a message there for the other must not cancel each other's handlers for ever.</summary>
public sealed class PartitionHandoversTests
{
    private readonly VirtualTime _time = new();
    private readonly BusySink _sink = new();
    private readonly PartitionProgress _progress = new(0, PositionRanges.None, new RoutedType(new HandledType("order.placed", 1), "order.placed"));
    private readonly PartitionHandovers<string> _handovers;

    public PartitionHandoversTests() => _handovers = new PartitionHandovers<string>(TimeSpan.FromSeconds(4), _time, static () => { });

    [Fact]
    public void Begin_ShouldCancelHandlers_WhenTheirTimeIsOver()
    {
        _handovers.Begin(_sink, "place", new AssignedPartition("7"), _progress);

        _time.Advance(TimeSpan.FromSeconds(4));

        Assert.True(_sink.Deadline.IsCancellationRequested);
    }

    [Fact]
    public void BeginStepAside_ShouldLetHandlersFinish_WhenTheyTakeLong()
    {
        _progress.Take(new KeyedPosition(1, null, 0), DeliveryRoom.Unlimited, out _);
        _progress.Acknowledge(new KeyedPosition(1, null, 0), out _);

        _handovers.BeginStepAside(_sink, "place", new AssignedPartition("7"), _progress);

        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(_sink.Deadline.IsCancellationRequested);
        Assert.Empty(_handovers.Drained);
        _sink.Handling.SetResult();

        Assert.Equal(["place"], _handovers.Drained);
    }

    [Fact]
    public void BeginStepAside_ShouldStayForASecond_WhenNothingIsFinishedOfWhatThePartitionWasTakenFor()
    {
        _handovers.BeginStepAside(_sink, "place", new AssignedPartition("7"), _progress);

        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(_sink.IsRevoked);
        Assert.True(_progress.TryGetRead(out _));
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.True(_sink.IsRevoked);
        Assert.False(_progress.TryGetRead(out _));
    }

    private sealed class BusySink : IDeliverySink
    {
        public TaskCompletionSource Handling { get; } = new();

        public CancellationToken Deadline { get; private set; }

        public bool IsRevoked { get; private set; }

        public ValueTask<int> WaitForRoomAsync(CancellationToken cancellation) => new(0);

        public void Deliver(ReadOnlySpan<Delivery> deliveries)
        {
        }

        public ValueTask AssignAsync(IReadOnlyCollection<AssignedPartition> partitions, CancellationToken cancellation) => ValueTask.CompletedTask;

        public async ValueTask RevokeAsync(IReadOnlyCollection<AssignedPartition> partitions, CancellationToken deadline)
        {
            (Deadline, IsRevoked) = (deadline, true);
            await Handling.Task;
        }

        public void Lose(Delivery delivery)
        {
        }

        public void Lose(IReadOnlyCollection<AssignedPartition> partitions)
        {
        }
    }
}
