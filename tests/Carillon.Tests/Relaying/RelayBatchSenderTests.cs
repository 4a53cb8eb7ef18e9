using Carillon.Conformance.Waiting;
using Carillon.Parking;
using Carillon.Relaying;
using Carillon.Subscribing;
using Carillon.Tests.Parking;
using Carillon.Tests.Publishing;
using Carillon.Tests.Subscribing;
using Carillon.Transports;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carillon.Tests.Relaying;

/// <summary>What becomes of each message of a batch, as the transport answers.</summary>
public sealed class RelayBatchSenderTests : IAsyncDisposable
{
    private readonly VirtualTime _time = new();
    private readonly TestSender _transport = new();
    private readonly LaneScheduler _scheduler = new();
    private readonly DeliveryBudget _budget = new(100, 1 << 20);
    private readonly InterruptibleStore _store;
    private readonly SubscriptionParking _parking;
    private readonly RelayBatchSender _sender;

    public RelayBatchSenderTests()
    {
        _store = new InterruptibleStore(_time);
        var options = new SubscriptionOptions();
        _parking = TestParking.Open("shop:outbox", _store, options, _time, NullLogger.Instance);
        _sender = new RelayBatchSender(_transport, _parking, batchBytes: 100, _time);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SendAsync_ShouldSendInCallsOfLimitedSize_WhenBodiesAreLarge()
    {
        List<int> sizes = [60, 40, 1, 300, 99];
        var deliveries = sizes.Select((bytes, index) => new TestDelivery($"k{index}", bytes: bytes)).ToArray();
        var batch = Batch(deliveries);

        await _sender.SendAsync(batch, Cancellation);

        Assert.Equal([[60, 40], [1], [300], [99]], _transport.Batches.Select(sent => sent.Select(envelope => envelope.Body.Length).ToArray()));
        Assert.All(deliveries, delivery => Assert.Equal((1, 0), (delivery.Acknowledged, delivery.Returned)));
        Assert.Equal((0, 5, 0), (batch.Count, batch.Places, _budget.Count));
        Assert.Empty(_store.Calls);
    }

    [Fact]
    public async Task SendAsync_ShouldBuryWhatIsRefusedAndFinishTheRest_WhenTheTransportRefusesSome()
    {
        var deliveries = new[] { new TestDelivery("a"), new TestDelivery("b"), new TestDelivery("c") };
        _transport.Answer = (_, _) => new([new SendFailure(1, new PublishFailedException("CRL9001", "not this one"))]);

        await _sender.SendAsync(Batch(deliveries), Cancellation);

        Assert.All(deliveries, delivery => Assert.Equal(1, delivery.Acknowledged));
        var dead = Assert.Single(_store.Written);
        Assert.Equal((ParkedState.Dead, "CRL9001", "CRL9001: not this one", "b"), (dead.State, dead.Code, dead.Reason, dead.Envelope.Key));
        Assert.Equal([(1, _time.GetUtcNow(), null)], dead.Attempts.Select(attempt => (attempt.Number, attempt.At, attempt.Handler)));
        Assert.True(_parking.IsHeldUp(new TestDelivery("b")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task SendAsync_ShouldBuryTheOneThatIsRefused_WhenTheTransportThrowsThatItIsForGood(int count)
    {
        var deliveries = Enumerable.Range(0, count).Select(number => new TestDelivery($"k{number}")).ToArray();
        _transport.Answer = (batch, _) => batch.Any(envelope => envelope.Key == "k0") ? throw new PublishFailedException("CRL9001", "not this one") : default;

        await _sender.SendAsync(Batch(deliveries), Cancellation);

        Assert.All(deliveries, delivery => Assert.Equal(1, delivery.Acknowledged));
        Assert.Equal(["k0"], _store.Written.Select(dead => dead.Envelope.Key));
    }

    [Fact]
    public async Task SendAsync_ShouldFinishWhatIsConfirmed_WhenWhatIsBeforeItCannotBeWrittenDown()
    {
        var deliveries = new[] { new TestDelivery("a"), new TestDelivery("b") };
        _transport.Answer = (_, _) =>
        {
            _parking.Partitions.Forget([new AssignedPartition(deliveries[0].Partition)]);
            return new([new SendFailure(0, new PublishFailedException("CRL9001", "not this one"))]);
        };

        var refusal = await Assert.ThrowsAsync<CarillonException>(async () => await _sender.SendAsync(Batch(deliveries), Cancellation));

        Assert.Equal(ErrorCodes.PartitionTakenOver, refusal.Code);
        Assert.Equal([0, 1], deliveries.Select(delivery => delivery.Acknowledged));
    }

    [Fact]
    public async Task SendAsync_ShouldRememberEarlierAttempts_WhenAParkedMessageIsRefusedAgain()
    {
        await _parking.BuryAsync(new TestDelivery("a"), "CRL9001", "no", [new FailedAttempt(1, default, null, "E", "no", null)], Cancellation);
        await _store.Store.ReplayAsync(1, Cancellation);
        var replayed = await ClaimAsync();
        _transport.Answer = (_, _) => new([new SendFailure(0, new PublishFailedException("CRL9001", "still not"))]);

        await _sender.SendAsync(Batch(replayed), Cancellation);

        Assert.Equal([1, 2], _store.Written[^1].Attempts.Select(attempt => attempt.Number));
    }

    [Fact]
    public async Task SendAsync_ShouldFreeTheKey_WhenAParkedMessageIsSentNow()
    {
        await _parking.BuryAsync(new TestDelivery("a"), "CRL9001", "no", [], Cancellation);
        await _store.Store.ReplayAsync(1, Cancellation);

        await _sender.SendAsync(Batch(await ClaimAsync()), Cancellation);

        Assert.Equal("settle", _store.Calls[^1]);
        Assert.False(_parking.IsHeldUp(new TestDelivery("a")));
    }

    [Fact]
    public async Task SendAsync_ShouldKeepWhatIsRefusedForNow_WhenTheTransportTakesItLater()
    {
        var deliveries = new[] { new TestDelivery("a"), new TestDelivery("b") };
        var batch = Batch(deliveries);
        var refusal = new PublishFailedException("CRL9003", "not enough replicas") { IsTransient = true, RetryAfter = TimeSpan.FromSeconds(3) };
        _transport.Answer = (_, _) => new([new SendFailure(0, refusal)]);

        Assert.Same(refusal, await _sender.SendAsync(batch, Cancellation));

        Assert.Equal([0, 1], deliveries.Select(delivery => delivery.Acknowledged));
        Assert.Same(deliveries[0], batch[0]);
        Assert.Empty(_store.Calls);
        _transport.Answer = (_, _) => default;
        Assert.Null(await _sender.SendAsync(batch, Cancellation));
        Assert.Equal([1, 1], deliveries.Select(delivery => delivery.Acknowledged));
    }

    [Fact]
    public async Task SendAsync_ShouldKeepWhatIsUncertainAndSaySo_WhenSomeOutcomesAreUnknown()
    {
        var deliveries = new[] { new TestDelivery("a"), new TestDelivery("b"), new TestDelivery("c", bytes: 200) };
        var batch = Batch(deliveries);
        var uncertain = new PublishFailedException("CRL9002", "no confirm came", isOutcomeUnknown: true);
        _transport.Answer = (sent, _) => new(sent[0].Key == "a" ? [new SendFailure(0, uncertain)] : null);

        Assert.Same(uncertain, await _sender.SendAsync(batch, Cancellation));

        Assert.Equal([0, 1, 1], deliveries.Select(delivery => delivery.Acknowledged));
        Assert.Equal(1, batch.Count);
        Assert.Same(deliveries[0], batch[0]);
        Assert.Null(batch[1]);
        Assert.Empty(_store.Calls);
        _transport.Answer = (_, _) => default;
        await _sender.SendAsync(batch, Cancellation);
        Assert.Equal(["a"], _transport.Batches[^1].Select(envelope => envelope.Key));
        Assert.Equal(0, batch.Count);
    }

    [Fact]
    public async Task SendAsync_ShouldHaveSeveralCallsInFlight_WhenTheTransportTakesThem()
    {
        await using var transport = new PipelinedTestSender(messagesMax: 2);
        var sender = new RelayBatchSender(transport, _parking, batchBytes: 100, _time);
        var deliveries = Enumerable.Range(0, 5).Select(number => new TestDelivery($"k{number}")).ToArray();

        var sending = sender.SendAsync(Batch(deliveries), Cancellation).AsTask();

        Assert.Equal([["k0", "k1"], ["k2", "k3"], ["k4"]], transport.Calls.Select(call => call.Keys));
        transport.Calls[2].Confirm();
        transport.Calls[1].Confirm();
        Assert.False(sending.IsCompleted);
        transport.Calls[0].Confirm();
        await sending;
        Assert.All(deliveries, delivery => Assert.Equal(1, delivery.Acknowledged));
    }

    [Fact]
    public async Task SendAsync_ShouldWaitForTheOtherCalls_WhenOneFails()
    {
        await using var transport = new PipelinedTestSender(messagesMax: 1);
        var sender = new RelayBatchSender(transport, _parking, batchBytes: 100, _time);
        var batch = Batch(new TestDelivery("a"), new TestDelivery("b"));

        var sending = sender.SendAsync(batch, Cancellation).AsTask();
        transport.Calls[0].Fail(new IOException("no route to host"));
        Assert.False(sending.IsCompleted);
        transport.Calls[1].Confirm();
        await Assert.ThrowsAsync<IOException>(() => sending);
        Assert.Equal("a", batch[0]?.Envelope.Key);
        Assert.Equal(1, batch.Count);
    }

    [Fact]
    public async Task SendAsync_ShouldGiveAReasonOfItsOwn_WhenTheTransportGivesNone()
    {
        _transport.Answer = (_, _) => new([new SendFailure(0, null!)]);

        await _sender.SendAsync(Batch(new TestDelivery("a")), Cancellation);

        Assert.Equal(ErrorCodes.PublishFailed, Assert.Single(_store.Written).Code);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public async Task SendAsync_ShouldFinishNothing_WhenTheTransportReportsAFailureOfNoMessage(int index)
    {
        var deliveries = new[] { new TestDelivery("a"), new TestDelivery("b") };
        var batch = Batch(deliveries);
        _transport.Answer = (_, _) => new([new SendFailure(index, new PublishFailedException("CRL9001", "whose?"))]);

        await Assert.ThrowsAsync<InvalidOperationException>(() => _sender.SendAsync(batch, Cancellation).AsTask());

        Assert.Equal(2, batch.Count);
        Assert.All(deliveries, delivery => Assert.Equal((0, 0), (delivery.Acknowledged, delivery.Returned)));
    }

    [Fact]
    public async Task SendAsync_ShouldSendNothingOfWhatIsNotToBeSent_WhenItIsInTheBatch()
    {
        await _parking.BuryAsync(new TestDelivery("held"), "C", "why", [], Cancellation);
        await _parking.BuryAsync(new TestDelivery("freed"), "C", "why", [], Cancellation);
        await _store.Store.DiscardAsync(2, Cancellation);
        var broken = new DefectDelivery(new EnvelopeDefect(ErrorCodes.InvalidAttribute, "time: not a time"));
        var (behind, good) = (new TestDelivery("held"), new TestDelivery("good"));

        await _sender.SendAsync(Batch(behind, new TestDelivery("freed"), broken, good), Cancellation);

        Assert.Equal(["freed", "good"], _transport.Keys);
        Assert.Equal((1, 1, true), (behind.Acknowledged, good.Acknowledged, broken.IsAcknowledged));
        Assert.False(_parking.IsHeldUp(new TestDelivery("freed")));
        Assert.Equal([("held", ParkedState.Behind, null), ("freed", ParkedState.Behind, null), ("broken", ParkedState.Dead, ErrorCodes.InvalidAttribute)],
            _store.Written.Skip(2).Select(message => (message.Envelope.Key, message.State, message.Code)));
    }

    [Fact]
    public async Task SendAsync_ShouldCallNobody_WhenNothingIsToBeSent()
    {
        await _parking.BuryAsync(new TestDelivery("held"), "C", "why", [], Cancellation);

        await _sender.SendAsync(Batch(new TestDelivery("held")), Cancellation);

        Assert.Empty(_transport.Batches);
    }

    [Fact]
    public void ReturnRevoked_ShouldGiveBackThoseWhoseLanesWereTakenAway_WhenOthersStay()
    {
        var deliveries = new[] { new TestDelivery("a", partition: "1"), new TestDelivery("b", partition: "2") };
        var batch = Batch(deliveries);
        var withdrawn = _scheduler.Withdraw(static lane => lane.Partition == "1");

        batch.ReturnWithdrawn();

        Assert.Equal([1, 0], deliveries.Select(delivery => delivery.Returned));
        Assert.Equal((1, 1), (batch.Count, _budget.Count));
        Assert.Null(batch[0]);
        Assert.True(withdrawn.WaitAsync().IsCompletedSuccessfully);
        batch.ReturnWithdrawn();
        Assert.Equal(1, batch.Count);
    }

    public ValueTask DisposeAsync() => _transport.DisposeAsync();

    private RelayBatch Batch(params Delivery[] deliveries)
    {
        var items = new List<LaneDelivery>();
        foreach (var delivery in deliveries)
        {
            _budget.Take(delivery.Envelope.Body.Length);
            _scheduler.Add(delivery);
            Assert.True(_scheduler.TryTake(new LaneWorker(_scheduler, new IdleLaneHandler()), out var lane));
            Assert.True(_scheduler.TryTakeFirst(lane!, out var first));
            items.Add(new LaneDelivery(lane!, first));
        }

        return new RelayBatch(items, _scheduler, _budget);
    }

    private async Task<ParkedDelivery> ClaimAsync() => TestParking.Deliver(Assert.Single(await _store.ClaimAsync(_parking)));

    private sealed class DefectDelivery : Delivery
    {
        public DefectDelivery(EnvelopeDefect defect)
        {
            Partition = "0";
            Set(new Envelope { Id = EventId.Parse("broken"), Key = "broken", Defect = defect });
        }

        public bool IsAcknowledged { get; private set; }

        public override void Acknowledge() => IsAcknowledged = true;

        public override void Return()
        {
        }
    }
}
