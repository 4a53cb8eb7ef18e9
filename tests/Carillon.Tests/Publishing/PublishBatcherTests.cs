using Carillon.Transports;

namespace Carillon.Tests.Publishing;

public sealed class PublishBatcherTests
{
    [Fact]
    public void PublishAsync_ShouldCompleteOnTheSpot_WhenTheSenderDoes()
    {
        using var fixture = new PublishBatcherFixture().Start();

        for (var i = 0; i < 10; i++)
        {
            var outcome = fixture.Publish($"{i}");
            Assert.True(outcome.IsCompletedSuccessfully);
        }

        Assert.Equal(10, fixture.Sender.Batches.Count);
        Assert.Equal(0, fixture.Batcher.Count);
    }

    [Fact]
    public async Task PublishAsync_ShouldKeepTheOrderOfCalls_WhenTheyAreNotAwaited()
    {
        using var fixture = new PublishBatcherFixture().Start();
        fixture.Sender.Answer = async (_, _) =>
        {
            await Task.Yield();
            return null;
        };

        var calls = Enumerable.Range(0, 2000).Select(i => fixture.Publish($"{i}")).ToArray();
        await PublishBatcherFixture.Soon(Task.WhenAll(calls));

        Assert.Equal(Enumerable.Range(0, 2000).Select(i => $"{i}"), fixture.Sender.Keys);
        Assert.False(fixture.Sender.Overlapped);
        Assert.All(fixture.Sender.Batches, batch => Assert.InRange(batch.Length, 1, 512));
    }

    [Fact]
    public async Task PublishAsync_ShouldCollectABatch_WhenOneIsInFlight()
    {
        using var fixture = new PublishBatcherFixture(new PublisherOptions { BatchMessages = 3 }).Start();
        var hold = fixture.Sender.Hold();

        var calls = Enumerable.Range(0, 6).Select(i => fixture.Publish($"{i}")).ToArray();
        Assert.Equal(["0"], fixture.Sender.Keys);
        hold.SetResult();
        await PublishBatcherFixture.Soon(Task.WhenAll(calls));

        Assert.Equal([1, 3, 2], fixture.Sender.Batches.Select(batch => batch.Length));
    }

    [Fact]
    public async Task PublishAsync_ShouldLimitBatchesByBytes_WhenMessagesAreLarge()
    {
        using var fixture = new PublishBatcherFixture(new PublisherOptions { BatchBytes = 10_000 }).Start();
        var hold = fixture.Sender.Hold();

        int[] sizes = [10, 4000, 4000, 4000, 50_000, 10, 10];
        var calls = sizes.Select((bytes, i) => fixture.Publish($"{i}", bytes: bytes)).ToArray();
        hold.SetResult();
        await PublishBatcherFixture.Soon(Task.WhenAll(calls));

        Assert.Equal([1, 2, 1, 1, 2], fixture.Sender.Batches.Select(batch => batch.Length));
    }

    [Fact]
    public async Task PublishAsync_ShouldFailOnlyThoseThatFailed_WhenABatchIsStoredInPart()
    {
        using var fixture = new PublishBatcherFixture().Start();
        var hold = fixture.Sender.Hold();
        var calls = Enumerable.Range(0, 5).Select(i => fixture.Publish($"{i}")).ToArray();
        var refusal = new PublishFailedException(ErrorCodes.NoCommandHandler, "nobody");

        fixture.Sender.Answer = (_, _) => new([new SendFailure(1, refusal), new SendFailure(3, null!)]);
        hold.SetResult();

        await PublishBatcherFixture.Soon(Task.WhenAll(calls[0], calls[1], calls[3]));
        Assert.Same(refusal, await Assert.ThrowsAsync<PublishFailedException>(() => calls[2]));
        Assert.False((await Assert.ThrowsAsync<PublishFailedException>(() => calls[4])).IsOutcomeUnknown);
    }

    [Fact]
    public async Task PublishAsync_ShouldFailWithUnknownOutcome_WhenTheSenderThrows()
    {
        using var fixture = new PublishBatcherFixture().Start();
        var hold = fixture.Sender.Hold();
        var first = fixture.Publish("first");
        var calls = Enumerable.Range(0, 3).Select(i => fixture.Publish($"{i}")).ToArray();

        fixture.Sender.Answer = (_, _) => throw new IOException("disk full");
        hold.SetResult();

        await PublishBatcherFixture.Soon(first);
        foreach (var call in calls)
        {
            var error = await Assert.ThrowsAsync<PublishFailedException>(() => PublishBatcherFixture.Soon(call));
            Assert.Equal(ErrorCodes.PublishFailed, error.Code);
            Assert.True(error.IsOutcomeUnknown);
            Assert.IsType<IOException>(error.InnerException);
            Assert.Contains("test.happened id-", error.Message, StringComparison.Ordinal);
            Assert.Contains("disk full", error.Message, StringComparison.Ordinal);
        }

        fixture.Sender.Answer = (_, _) => default;
        await PublishBatcherFixture.Soon(fixture.Publish("after"));
    }

    [Fact]
    public async Task PublishAsync_ShouldKeepCodeAndCertainty_WhenTheSenderThrowsItsOwnKind()
    {
        using var fixture = new PublishBatcherFixture().Start();
        fixture.Sender.Answer = (_, _) => throw new PublishFailedException(ErrorCodes.NoCommandHandler, "nobody listens.");

        var error = await Assert.ThrowsAsync<PublishFailedException>(() => fixture.Publish("a"));

        Assert.Equal(ErrorCodes.NoCommandHandler, error.Code);
        Assert.False(error.IsOutcomeUnknown);
        Assert.Equal("CRL2006: test.happened id-a was not confirmed: nobody listens. It is not stored; publish it again.", error.Message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task PublishAsync_ShouldFailEverybody_WhenTheSenderBlamesNobodyInTheBatch(int index)
    {
        using var fixture = new PublishBatcherFixture().Start();
        fixture.Sender.Answer = (_, _) => new([new SendFailure(index, new PublishFailedException(ErrorCodes.PublishFailed, "x"))]);

        var error = await Assert.ThrowsAsync<PublishFailedException>(() => fixture.Publish("a"));

        Assert.True(error.IsOutcomeUnknown);
    }

    [Fact]
    public async Task PublishAsync_ShouldSurvive_WhenAnExceptionHasNoMessage()
    {
        using var fixture = new PublishBatcherFixture().Start();
        fixture.Sender.Answer = (_, _) => throw new MuteException();
        await Assert.ThrowsAsync<PublishFailedException>(() => fixture.Publish("a"));

        fixture.Sender.Answer = (_, _) => default;

        await PublishBatcherFixture.Soon(fixture.Publish("b"));
    }

    [Fact]
    public async Task PublishAsync_ShouldServeOthersForAWhileOnly_WhenTheCallerSends()
    {
        using var fixture = new PublishBatcherFixture(new PublisherOptions { BatchMessages = 1 }).Start();
        var caller = Environment.CurrentManagedThreadId;
        var onCaller = 0;
        List<Task> others = [];
        var isCalling = true;
        fixture.Sender.Answer = (batch, _) =>
        {
            if (Volatile.Read(ref isCalling) && Environment.CurrentManagedThreadId == caller)
                onCaller++;
            if (others.Count < 50)
                others.Add(fixture.Publish($"{others.Count}"));
            return default;
        };

        var outcome = fixture.Publish("mine");
        Volatile.Write(ref isCalling, false);
        await PublishBatcherFixture.Soon(outcome);
        await PublishBatcherFixture.Until(() => fixture.Sender.Batches.Count >= 51, "all are sent");
        await PublishBatcherFixture.Soon(Task.WhenAll(others));

        Assert.InRange(onCaller, 1, 4);
    }

    [Fact]
    public async Task PublishAsync_ShouldNotDependOnACallersScheduler_WhenThatIsBlocked()
    {
        using var fixture = new PublishBatcherFixture().Start();
        var hold = fixture.Sender.Hold();
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new BlockedContext());
        try
        {
            // Its own continuation waits for that scheduler for ever; nobody else's may.
            _ = fixture.Publish("blocked");
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }

        await PublishBatcherFixture.Until(() => fixture.Sender.Batches.Count == 1, "the first is sent");
        var other = fixture.Publish("other");
        hold.SetResult();

        await PublishBatcherFixture.Soon(other);
    }

    [Fact]
    public async Task PublishAsync_ShouldThrow_WhenAnOutcomeIsAwaitedTwice()
    {
        using var fixture = new PublishBatcherFixture().Start();
#pragma warning disable CA2012 // Misuse is the point.
        var outcome = fixture.Batcher.PublishAsync(PublishBatcherFixture.Envelope("a"), null, CancellationToken.None);
        await outcome;

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await outcome);
#pragma warning restore CA2012
        await PublishBatcherFixture.Soon(fixture.Publish("b"));
    }

    private sealed class MuteException : Exception
    {
        public override string Message => throw new InvalidOperationException("mute");
    }

    /// <summary>A scheduler whose thread never gets to what is posted.</summary>
    private sealed class BlockedContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
        }
    }
}
