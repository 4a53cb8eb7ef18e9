using Carillon.Conformance.Waiting;
using Carillon.Retrying;

namespace Carillon.Tests.Retrying;

/// <summary>What is an outage and what is poison, and how long an outage is waited for.</summary>
public sealed class OutageCircuitTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private readonly VirtualTime _time = new();
    private readonly OutageCircuit _circuit;
    private readonly Exception _error = new IOException("no route to host");

    private readonly List<OutageEnd> _ends = [];

    public OutageCircuitTests() => _circuit = new OutageCircuit("step.taken", TimeSpan.FromHours(2), _time, (_, end) => _ends.Add(end));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Failed_ShouldNoticeAnOutage_WhenAllFailAlike()
    {
        for (var attempt = 0; attempt < 9; attempt++)
            Assert.False(Fail($"key-{attempt % 5}"));

        Assert.True(Fail("key-0"));
        Assert.Equal(new OutageState("step.taken", _time.GetUtcNow(), _error), _circuit.Outage);
        Assert.True(Fail("key-9"));
    }

    [Fact]
    public async Task EnterAsync_ShouldWait_WhenLessThanAMillisecondIsLeft()
    {
        for (var attempt = 0; attempt < 10; attempt++)
            Fail($"key-{attempt % 5}");
        using var patience = new CancellationTokenSource();
        _time.Advance(TimeSpan.FromMilliseconds(999.5));
        var timers = _time.Timers;

        // On a thread of its own: one that does not wait does not come back.
        var entering = Task.Run(async () => await _circuit.EnterAsync(patience.Token), Cancellation);
        try
        {
            await Eventually.IsTrueAsync(() => _time.Timers > timers);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.True(await entering.WaitAsync(_patience, Cancellation));
        }
        finally
        {
            await patience.CancelAsync();
        }
    }

    [Fact]
    public void Failed_ShouldSeeNoOutage_WhenOnlyFourKeysAreConcerned()
    {
        for (var attempt = 0; attempt < 100; attempt++)
            Assert.False(Fail($"key-{attempt % 4}"));
    }

    [Fact]
    public void Failed_ShouldSeeNoOutage_WhenEveryThirdSucceeds()
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            if (attempt % 3 == 0)
                _circuit.Succeeded();
            else
                Assert.False(Fail($"key-{attempt}"));
        }
    }

    [Fact]
    public void Failed_ShouldSeeNoOutage_WhenEachFailsInAnotherWay()
    {
        Exception[] errors = [new IOException(), new FormatException(), new ArgumentException(), new TimeoutException()];
        for (var attempt = 0; attempt < 100; attempt++)
            Assert.False(_circuit.Failed($"key-{attempt}", errors[attempt % 4], null, isTrial: false, isAround: false, out _));
    }

    /// <summary>At night nothing comes but the later rounds of bad messages: they failed while others succeeded, so they are what is bad.</summary>
    [Fact]
    public void Failed_ShouldSeeNoOutage_WhenTheMessagesFailedBeforeWhileOthersSucceeded()
    {
        var first = _time.GetUtcNow();
        Assert.False(Fail("key-0"));
        _time.Advance(TimeSpan.FromSeconds(1));
        _circuit.Succeeded();
        for (var attempt = 0; attempt < 100; attempt++)
            Assert.False(_circuit.Failed($"key-{attempt}", _error, first, isTrial: false, isAround: false, out _));
    }

    /// <summary>Of a kind of which little comes, few failures are enough where other kinds show the outage, but not when it has succeeded just now.</summary>
    [Fact]
    public void Failed_ShouldNoticeAnOutage_WhenMessagesOfOtherKindsShowIt()
    {
        _circuit.Succeeded();
        Assert.False(_circuit.Failed("key-0", _error, null, isTrial: false, isAround: true, out _));
        Assert.False(_circuit.Failed("key-0", _error, null, isTrial: false, isAround: true, out _));
        Assert.True(_circuit.Failed("key-0", _error, null, isTrial: false, isAround: true, out _));
        var quiet = new OutageCircuit("step.seldom", TimeSpan.FromHours(2), _time);

        Assert.False(quiet.Failed("key-0", _error, null, isTrial: false, isAround: false, out _));
        Assert.True(quiet.Failed("key-0", _error, null, isTrial: false, isAround: true, out var begun));
        Assert.Equal("step.seldom", begun!.Messages);
    }

    /// <summary>Whatever happened to a message before: what fails while an outage is known says nothing about it.</summary>
    [Fact]
    public void Failed_ShouldNotCount_WhenAMessageThatFailedBeforeIsHitByAnOutage()
    {
        var earlier = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(1));
        _circuit.Succeeded();
        for (var attempt = 0; attempt < 20; attempt++)
            Fail($"key-{attempt}");

        Assert.NotNull(_circuit.Outage);
        Assert.True(_circuit.Failed("key-bad", _error, earlier, isTrial: false, isAround: false, out _));
    }

    [Fact]
    public void Failed_ShouldCountAgain_WhenTheOutageLastsLongerThanAnybodyWaits()
    {
        Open();
        _time.Advance(TimeSpan.FromHours(2) - TimeSpan.FromTicks(1));
        Assert.True(Fail("key-0"));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.False(Fail("key-0"));
    }

    [Fact]
    public async Task EnterAsync_ShouldLetAllTry_WhenTheOutageLastsLongerThanAnybodyWaits()
    {
        Open();
        var waiting = Enumerable.Range(0, 100).Select(_ => _circuit.EnterAsync(Cancellation).AsTask()).ToArray();
        await AdvanceAsync(TimeSpan.FromSeconds(1), () => waiting[0].IsCompleted);
        Assert.True(await waiting[0]);

        await AdvanceAsync(TimeSpan.FromHours(2), () => waiting.All(static entering => entering.IsCompleted));

        Assert.All(waiting.Skip(1), static entering => Assert.False(entering.Result));
        Assert.Equal([OutageEnd.TookTooLong], _ends);
        for (var attempt = 0; attempt < 100; attempt++)
            Assert.False(Fail($"key-{attempt}"));
        Assert.Null(_circuit.Look());
        _circuit.Succeeded();
        Open();
        Assert.NotNull(_circuit.Look());
    }

    [Fact]
    public async Task Look_ShouldSeeNoOutage_WhenNothingWaitsForItsEndAnyMore()
    {
        Open();
        using var patience = new CancellationTokenSource();
        var waiting = _circuit.EnterAsync(patience.Token).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(500));
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.NotNull(_circuit.Look());

        _time.Advance(TimeSpan.FromSeconds(30));

        Assert.Null(_circuit.Look());
        Assert.Equal([OutageEnd.NothingWaits], _ends);
        Assert.True(Fail("key-0"));
    }

    [Fact]
    public async Task EnterAsync_ShouldLetOneTryAfterTheOther_WhenThereIsAnOutage()
    {
        Open();
        var waiting = Enumerable.Range(0, 3).Select(_ => _circuit.EnterAsync(Cancellation).AsTask()).ToArray();
        for (var turn = 0; turn < 2; turn++)
        {
            Assert.False(waiting[turn].IsCompleted);
            await AdvanceAsync(TimeSpan.FromSeconds(1), () => waiting[turn].IsCompleted);
            Assert.True(await waiting[turn]);
            Assert.False(waiting[turn + 1].IsCompleted);
            Assert.True(_circuit.Failed($"key-{turn}", _error, null, isTrial: true, isAround: false, out _));
        }

        await AdvanceAsync(TimeSpan.FromSeconds(1), () => waiting[2].IsCompleted);
        var late = _circuit.EnterAsync(Cancellation).AsTask();
        Assert.NotNull(_circuit.Succeeded());

        Assert.False(await late.WaitAsync(_patience, Cancellation));
        Assert.Null(_circuit.Outage);
        Assert.False(await _circuit.EnterAsync(Cancellation));
        Assert.False(Fail("key-0"));
    }

    [Fact]
    public async Task EnterAsync_ShouldLetTheNextOneTry_WhenTheFirstIsTakenAway()
    {
        Open();
        using var revoked = new CancellationTokenSource();
        var first = _circuit.EnterAsync(revoked.Token).AsTask();
        var second = _circuit.EnterAsync(Cancellation).AsTask();
        revoked.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        await AdvanceAsync(TimeSpan.FromSeconds(1), () => second.IsCompleted);
        Assert.True(await second);
        var third = _circuit.EnterAsync(Cancellation).AsTask();
        Assert.False(third.IsCompleted);
        _circuit.GiveUpTrial();

        Assert.True(await third.WaitAsync(_patience, Cancellation));
    }

    [Fact]
    public async Task EnterAsync_ShouldTryEveryHalfMinute_WhenTheOutageLastsLong()
    {
        Open();
        var began = _time.GetUtcNow();
        var trials = 0;
        while (_time.GetUtcNow() - began < TimeSpan.FromHours(1))
        {
            var entering = _circuit.EnterAsync(Cancellation).AsTask();
            while (!entering.IsCompleted)
                await AdvanceAsync(TimeSpan.FromSeconds(1), () => entering.IsCompleted || _time.Timers > 0);
            trials++;
            Assert.True(_circuit.Failed("key-0", _error, null, isTrial: true, isAround: false, out _));
        }

        Assert.InRange(trials, 120, 150);
    }

    /// <summary>A timer cannot wait for half a millisecond: whoever has that much left must not go round and round for it.</summary>
    [Fact]
    public async Task EnterAsync_ShouldWaitForATimer_WhenLessThanAMillisecondIsLeft()
    {
        Open();
        _time.Advance(TimeSpan.FromMilliseconds(999.5));
        var entering = Task.Run(async () => await _circuit.EnterAsync(Cancellation), Cancellation);

        await Eventually.IsTrueAsync(() => _time.Timers > 0);
        Assert.False(entering.IsCompleted);
        await AdvanceAsync(TimeSpan.FromMilliseconds(1), () => entering.IsCompleted);
        Assert.True(await entering);
    }

    /// <summary>A burst of bad messages is no outage, as the first good one shows: those that have failed and those that have not take turns.</summary>
    [Fact]
    public async Task EnterAsync_ShouldLetOthersTryToo_WhenManyMessagesThatFailedWaitBefore()
    {
        Open();
        var bad = Enumerable.Range(0, 20).Select(_ => _circuit.EnterAgainAsync(Cancellation).AsTask()).ToList();
        var good = _circuit.EnterAsync(Cancellation).AsTask();

        await AdvanceAsync(TimeSpan.FromSeconds(1), () => bad[0].IsCompleted);
        Assert.True(_circuit.Failed("key-0", _error, null, isTrial: true, isAround: false, out _));
        bad.RemoveAt(0);
        await AdvanceAsync(TimeSpan.FromSeconds(1), () => good.IsCompleted);
        Assert.True(await good);
        Assert.DoesNotContain(bad, entering => entering.IsCompleted);
        Assert.NotNull(_circuit.Succeeded());
        await Task.WhenAll(bad).WaitAsync(_patience, Cancellation);
    }

    [Fact]
    public void Succeeded_ShouldEndTheOutage_WhenTheAttemptBeganBeforeItWasNoticed()
    {
        Open();
        Assert.NotNull(_circuit.Succeeded());
        Assert.Null(_circuit.Outage);
    }

    [Fact]
    public async Task EnterAsync_ShouldLetTheNextOneTry_WhenATrialHangs()
    {
        Open();
        var hung = _circuit.EnterAsync(Cancellation).AsTask();
        await AdvanceAsync(TimeSpan.FromSeconds(1), () => hung.IsCompleted);
        var next = _circuit.EnterAsync(Cancellation).AsTask();
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(next.IsCompleted);

        await AdvanceAsync(TimeSpan.FromSeconds(1), () => next.IsCompleted);
        Assert.True(await next);
    }

    private bool Fail(string key) => _circuit.Failed(key, _error, null, isTrial: false, isAround: false, out _);

    private void Open()
    {
        for (var attempt = 0; attempt < 10; attempt++)
            Fail($"key-{attempt}");
        Assert.NotNull(_circuit.Outage);
    }

    private async Task AdvanceAsync(TimeSpan by, Func<bool> until)
    {
        await Eventually.IsTrueAsync(() => _time.Timers > 0);
        _time.Advance(by);
        await Eventually.IsTrueAsync(until);
    }
}
