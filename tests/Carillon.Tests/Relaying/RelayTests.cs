using Carillon.Tests.Hosting;
using Carillon.Transports;

namespace Carillon.Tests.Relaying;

/// <summary>What is published goes through the outbox to the transport, complete and in the order of each key, whatever the transport does.</summary>
public sealed class RelayTests : IAsyncDisposable
{
    private readonly RelayFixture _fixture = new();
    private readonly Random _random = new(7);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Relay_ShouldSendEventsAndCommandsInBatches_WhenTheyArePublished()
    {
        var service = await _fixture.StartAsync();

        await PublishAsync(service, keys: 500, steps: 2);
        await service.Bus.SendAsync(new StartWalk("w1"), cancellation: Cancellation);
        await service.Bus.ScheduleAsync(new StepTaken("late", 9), TimeProvider.System.GetUtcNow().AddMilliseconds(50), cancellation: Cancellation);

        await Eventually.IsTrueAsync(() => _fixture.Handled.Count == 1_002);
        Assert.Equal([0, 1, -1], _fixture.StepsOf("w1"));
        Assert.Equal([9], _fixture.StepsOf("late"));
        Assert.InRange(_fixture.Transport.Largest, 2, 500);
    }

    [Fact]
    public async Task Relay_ShouldLeaveOthersMessagesAlone_WhenServicesShareTheOutbox()
    {
        await _fixture.StartAsync();
        await using var stranger = await _fixture.Outbox.OpenSenderAsync(Cancellation);

        await stranger.SendAsync(new[] { Raw("w", 1, "/services/stock"), Raw("w", 2, "/services/shop"), Raw("w", 3, "/services/shop2") }, Cancellation);

        await Eventually.IsTrueAsync(() => !_fixture.Handled.IsEmpty);
        Assert.Equal([2], _fixture.StepsOf("w"));
    }

    [Fact]
    public async Task Relay_ShouldDrainByItself_WhenTheTransportComesBack()
    {
        var service = await _fixture.StartAsync(options => options.MaxInFlight = 100);
        _fixture.Transport.Answer = (_, _, _) => throw new IOException("no route to host");
        await PublishAsync(service, keys: 1_000, steps: 5);

        await Eventually.IsTrueAsync(() => _fixture.Transport.Batches >= 10);
        Assert.Equal(100, RelayFixture.InRelay(service));
        Assert.Empty(await _fixture.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
        Assert.Empty(_fixture.Handled);
        _fixture.Transport.Answer = (batch, store, _) => store(batch);

        await Eventually.IsTrueAsync(() => _fixture.Handled.Count >= 5_000);
        AssertComplete(keys: 1_000, steps: 5);
        Assert.Equal(5_000, _fixture.Handled.Count);
    }

    [Fact]
    public async Task Relay_ShouldKeepEveryKeyInOrder_WhenBatchesFailBeforeAndAfterTheyAreStored()
    {
        _fixture.Transport.Answer = async (batch, store, _) =>
        {
            var luck = _random.Next(4);
            if (luck > 0)
                await store(luck == 1 ? batch[..(batch.Length / 2)] : batch);
            return luck == 3 ? null : throw new IOException("the line is broken");
        };
        var service = await _fixture.StartAsync();

        await PublishAsync(service, keys: 1_000, steps: 10);

        await Eventually.IsTrueAsync(() => _fixture.Handled.Distinct().Count() == 10_000, TimeSpan.FromSeconds(60));
        AssertComplete(keys: 1_000, steps: 10);
    }

    [Fact]
    public async Task Relay_ShouldSendOtherKeys_WhenTheTransportRefusesOneForNow()
    {
        var isRefused = true;
        var refusal = new PublishFailedException("CRL9003", "not enough replicas") { IsTransient = true };
        _fixture.Transport.Answer = async (batch, store, _) =>
        {
            var all = batch.ToArray();
            var taken = all.Where(envelope => !isRefused || envelope.Key != "w1").ToArray();
            await store(taken);
            return [.. all.Index().Where(sent => isRefused && sent.Item.Key == "w1").Select(sent => new SendFailure(sent.Index, refusal))];
        };
        var service = await _fixture.StartAsync(options => options.FirstDelay = options.MaxDelay = TimeSpan.FromSeconds(1));

        await PublishAsync(service, keys: 50, steps: 10);

        await Eventually.IsTrueAsync(() => _fixture.Handled.Count == 490);
        Assert.Empty(_fixture.StepsOf("w1"));
        Volatile.Write(ref isRefused, false);
        await Eventually.IsTrueAsync(() => _fixture.Handled.Count == 500);
        AssertComplete(keys: 50, steps: 10);
        Assert.Empty(await _fixture.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
    }

    [Fact]
    public async Task Relay_ShouldSendOtherKeys_WhenMoreWaitsBehindRefusedOnesThanItHoldsInMemory()
    {
        var isRefusing = true;
        var refusal = new PublishFailedException("CRL9003", "not enough replicas") { IsTransient = true };
        _fixture.Transport.Answer = async (batch, store, _) =>
        {
            if (!Volatile.Read(ref isRefusing))
                return await store(batch);
            await store(batch.ToArray().Where(static message => !message.Key!.StartsWith("stuck", StringComparison.Ordinal)).ToArray());
            return [.. batch.ToArray().Index().Where(static sent => sent.Item.Key!.StartsWith("stuck", StringComparison.Ordinal)).Select(sent => new SendFailure(sent.Index, refusal))];
        };
        var service = await _fixture.StartAsync(options => options.MaxInFlight = 40);

        for (var number = 1; number <= 50; number++)
        {
            for (var key = 0; key < 60; key++)
                await service.Bus.PublishAsync(new StepTaken($"stuck-{key}", number), Cancellation);
            await service.Bus.PublishAsync(new StepTaken($"free-{number}", 1), Cancellation);
            await Eventually.IsTrueAsync(() => _fixture.Handled.Count == number, what: $"free message {number} of 50 is handled");
        }

        Volatile.Write(ref isRefusing, false);
        await Eventually.IsTrueAsync(() => Enumerable.Range(0, 60).All(key => _fixture.StepsOf($"stuck-{key}").Count == 50));
        Assert.All(Enumerable.Range(0, 60), key => Assert.Equal(Enumerable.Range(1, 50), _fixture.StepsOf($"stuck-{key}")));
        Assert.Empty(await _fixture.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
    }

    [Fact]
    public async Task Relay_ShouldSendAgain_WhenTheOutcomeOfSomeMessagesIsUnknown()
    {
        _fixture.Transport.Answer = async (batch, store, _) =>
        {
            var unlucky = Enumerable.Range(0, batch.Length).Where(_ => _random.Next(3) == 0).ToHashSet();
            await store(batch.ToArray().Where((_, index) => !unlucky.Contains(index) || _random.Next(2) == 0).ToArray());
            return [.. unlucky.Select(index => new SendFailure(index, new PublishFailedException(ErrorCodes.PublishFailed, "no confirm came", isOutcomeUnknown: true)))];
        };
        var service = await _fixture.StartAsync();

        await PublishAsync(service, keys: 200, steps: 10);

        await Eventually.IsTrueAsync(() => _fixture.Handled.Distinct().Count() == 2_000, TimeSpan.FromSeconds(60));
        AssertComplete(keys: 200, steps: 10);
        Assert.Empty(await _fixture.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
    }

    [Fact]
    public async Task Relay_ShouldSendTheWholeBatchAgain_WhenTheTransportReportsAFailureOfNoMessage()
    {
        var reports = 0;
        _fixture.Transport.Answer = (batch, store, _) => Interlocked.Increment(ref reports) <= 3
            ? new([new SendFailure(batch.Length, new PublishFailedException(ErrorCodes.PublishFailed, "whose?"))])
            : store(batch);
        var service = await _fixture.StartAsync();

        await PublishAsync(service, keys: 10, steps: 3);

        await Eventually.IsTrueAsync(() => _fixture.Handled.Count == 30);
        AssertComplete(keys: 10, steps: 3);
    }

    [Fact]
    public async Task Relay_ShouldShareTheWork_WhenSeveralInstancesComeAndGo()
    {
        var first = await _fixture.StartAsync();
        var second = await _fixture.StartAsync();
        await PublishAsync(first, keys: 100, steps: 5);
        await first.StopAsync();
        await PublishAsync(second, keys: 100, steps: 5, from: 5);
        await _fixture.StartAsync();
        await PublishAsync(second, keys: 100, steps: 5, from: 10);

        await Eventually.IsTrueAsync(() => _fixture.Handled.Distinct().Count() == 1_500);
        AssertComplete(keys: 100, steps: 15);
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    private static Envelope Raw(string walker, int number, string source) => new()
    {
        Id = EventId.Parse($"{walker}-{number}"),
        Source = source,
        Type = "step.taken",
        Topic = "step.taken",
        Version = 1,
        Key = walker,
        Time = DateTimeOffset.UnixEpoch,
        Body = System.Text.Encoding.UTF8.GetBytes($$"""{"walker":"{{walker}}","number":{{number}}}"""),
    };

    private static Task PublishAsync(TestService service, int keys, int steps, int from = 0) =>
        service.Bus.PublishBatchAsync(
            [.. Enumerable.Range(from, steps).SelectMany(step => Enumerable.Range(0, keys).Select(key => new StepTaken($"w{key}", step)))],
            cancellation: Cancellation).AsTask();

    private void AssertComplete(int keys, int steps)
    {
        for (var key = 0; key < keys; key++)
            Assert.Equal(Enumerable.Range(0, steps), _fixture.StepsOf($"w{key}"));
    }
}
