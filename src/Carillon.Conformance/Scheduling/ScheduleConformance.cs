using Carillon.Conformance.Transports;
using Carillon.Conformance.Waiting;
using Carillon.Scheduling;

namespace Carillon.Conformance;

/// <summary>
/// What every schedule must do, as tests: each sentence of <see cref="ISchedule"/> is one. A schedule joins with a class that derives from
/// this one and says how to open it.
/// </summary>
public abstract partial class ScheduleConformance : IAsyncLifetime
{
    private readonly VirtualTime _time = new();

    /// <summary>Opens the schedule. All schedules of one test work on the same data, which is empty when the test begins.</summary>
    /// <param name="time">The clock that decides what is due. Tests move it by hand.</param>
    protected abstract ValueTask<ISchedule> OpenScheduleAsync(TimeProvider time);

    /// <summary>Every message that was published from the schedule, in the order in which it was.</summary>
    protected abstract ValueTask<IReadOnlyList<Envelope>> ReadPublishedAsync();

    /// <summary>
    /// Whether the schedule takes its time from the clock that it is given. A schedule that asks its server for the time says no, and the
    /// scenarios that move the clock are skipped. Default true.
    /// </summary>
    protected virtual bool KeepsGivenTime => true;

    /// <summary>Whether what the schedule publishes to refuses a command that nobody handles; an outbox does not. Default true.</summary>
    protected virtual bool RefusesUnhandledCommands => true;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => KeepsGivenTime ? _time.GetUtcNow() : TimeProvider.System.GetUtcNow();

    /// <summary>Prepares the data of one test. Does nothing unless overridden.</summary>
    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Cleans up after one test. Does nothing unless overridden.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Nothing is published before its time, then the earliest first, and the schedule says how long that will take.</summary>
    [Fact]
    public async Task Release_ShouldPublishTheEarliestFirst_WhenTheirTimeHasCome()
    {
        RequireGivenTime();
        var schedule = await OpenAsync();
        await schedule.AddAsync([In(30, 3), In(10, 1)], Cancellation);
        await schedule.AddAsync([In(20, 2), In(30, 4)], Cancellation);

        Assert.Equal(new ScheduleRelease(0, TimeSpan.FromSeconds(10)), await schedule.ReleaseAsync(Cancellation));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(new ScheduleRelease(0, TimeSpan.FromSeconds(1)), await schedule.ReleaseAsync(Cancellation));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(new ScheduleRelease(1, TimeSpan.FromSeconds(10)), await schedule.ReleaseAsync(Cancellation));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(new ScheduleRelease(3, null), await schedule.ReleaseAsync(Cancellation));

        Assert.Equal([1, 2, 3, 4], await NumbersAsync());
        Assert.Equal(new ScheduleRelease(0, null), await schedule.ReleaseAsync(Cancellation));
    }

    /// <summary>A message is published as it was scheduled.</summary>
    [Theory]
    [MemberData(nameof(SampleEnvelopes.Names), MemberType = typeof(SampleEnvelopes))]
    public async Task Release_ShouldPublishTheSameMessage_WhenItHasBeenKept(string name)
    {
        var schedule = await OpenAsync();
        var message = SampleEnvelopes.Named(name);
        await schedule.AddAsync([new ScheduledMessage(message, DateTimeOffset.UnixEpoch)], Cancellation);

        await schedule.ReleaseAsync(Cancellation);

        EnvelopeAssert.Same(message, Assert.Single(await ReadPublishedAsync()));
    }

    /// <summary>A message with an id as long as limits allow is scheduled once, found again, and published as it was.</summary>
    [Theory]
    [InlineData(1_024, 2_048)]
    [InlineData(5_000, 6_000)]
    public async Task Add_ShouldTellMessagesApart_WhenTheirNamesAreLong(int id, int source)
    {
        var schedule = await OpenAsync();
        var kept = SampleMessages.Event("a.b", 1) with { Id = EventId.Parse(LongTexts.Of(id, 'a')), Source = LongTexts.Of(source, 'a') };
        var cancelled = kept with { Id = EventId.Parse(LongTexts.Of(id, 'b')) };
        ScheduledMessage[] both = [new(kept, DateTimeOffset.UnixEpoch), new(cancelled, DateTimeOffset.UnixEpoch)];
        await schedule.AddAsync(both, Cancellation);
        await schedule.AddAsync(both, Cancellation);

        Assert.True(await schedule.CancelAsync(cancelled.Source!, cancelled.Id, Cancellation));
        await schedule.ReleaseAsync(Cancellation);

        EnvelopeAssert.Same(kept, Assert.Single(await ReadPublishedAsync()));
    }

    /// <summary>A burst is published in pieces, each message once and in order, and nobody is told to wait in between.</summary>
    [Fact]
    public async Task Release_ShouldPublishInPieces_WhenMuchIsDueAtOnce()
    {
        const int count = 2_500;
        var schedule = await OpenAsync();
        for (var first = 0; first < count; first += 500)
            await schedule.AddAsync([.. Enumerable.Range(first, 500).Select(Past)], Cancellation);
        var pieces = new List<int>();

        ScheduleRelease release;
        do
        {
            release = await schedule.ReleaseAsync(Cancellation);
            pieces.Add(release.Released);
        }
        while (release.Next is not null);

        Assert.All(pieces, piece => Assert.InRange(piece, 1, 1_000));
        Assert.Equal(Enumerable.Range(0, count), await NumbersAsync());
    }

    /// <summary>A message is cancelled once, before it is published, by its own source.</summary>
    [Fact]
    public async Task Cancel_ShouldSayWhetherItWasInTime_WhenAskedBeforeAndAfter()
    {
        var schedule = await OpenAsync();
        var (cancelled, kept) = (Past(1), Past(2));
        await schedule.AddAsync([cancelled, kept], Cancellation);

        Assert.False(await schedule.CancelAsync("/services/another", cancelled.Envelope.Id, Cancellation));
        Assert.True(await schedule.CancelAsync(cancelled.Envelope.Source!, cancelled.Envelope.Id, Cancellation));
        Assert.False(await schedule.CancelAsync(cancelled.Envelope.Source!, cancelled.Envelope.Id, Cancellation));
        await schedule.ReleaseAsync(Cancellation);

        Assert.False(await schedule.CancelAsync(kept.Envelope.Source!, kept.Envelope.Id, Cancellation));
        Assert.Equal([2], await NumbersAsync());
    }

    /// <summary>Whoever releases, and however many do, each message is published once.</summary>
    [Fact]
    public async Task Release_ShouldPublishEachOnce_WhenManyReleaseAtOnce()
    {
        var schedules = new List<ISchedule>();
        for (var opened = 0; opened < 4; opened++)
            schedules.Add(await OpenAsync());
        await schedules[0].AddAsync([.. Enumerable.Range(0, 1_200).Select(Past)], Cancellation);

        await Task.WhenAll(schedules.Select(async schedule =>
        {
            await Task.Yield();
            while (await schedule.ReleaseAsync(Cancellation) is { Next: not null })
            {
                // Others release at the same time; whoever finds nothing left ends.
            }
        }));

        Assert.Equal(Enumerable.Range(0, 1_200), (await NumbersAsync()).Order());
    }

    /// <summary>
    /// Whoever is told that a message was cancelled never sees it published, and whoever is told that it was not does, however many release and
    /// cancel in the moment in which it is due.
    /// </summary>
    [Fact]
    public async Task Cancel_ShouldTellTheTruth_WhenManyReleaseInTheSameMoment()
    {
        const int Count = 400;
        var schedules = new List<ISchedule>();
        for (var opened = 0; opened < 4; opened++)
            schedules.Add(await OpenAsync());
        var messages = Enumerable.Range(0, Count).Select(number => InMilliseconds(number / 2, number)).ToArray();
        await schedules[0].AddAsync(messages, Cancellation);
        var cancelling = CancelAllAsync(schedules, messages);

        await Task.WhenAll(schedules.Select(schedule => ReleaseUntilAsync(schedule, cancelling)));

        var cancelled = (await cancelling).ToHashSet();
        var published = await NumbersAsync();
        Assert.Empty(published.Where(cancelled.Contains));
        Assert.Equal(Enumerable.Range(0, Count).Where(number => !cancelled.Contains(number)), published.Order());
    }

    /// <summary>A clock that is set back makes messages wait, and loses and repeats none.</summary>
    [Fact]
    public async Task Release_ShouldNeitherLoseNorRepeat_WhenTheClockIsSetBack()
    {
        RequireGivenTime();
        var schedule = await OpenAsync();
        await schedule.AddAsync([In(10, 1), In(100, 2)], Cancellation);
        _time.Advance(TimeSpan.FromSeconds(10));
        await schedule.ReleaseAsync(Cancellation);

        _time.Advance(TimeSpan.FromHours(-1));
        Assert.Equal(0, (await schedule.ReleaseAsync(Cancellation)).Released);
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(new ScheduleRelease(1, null), await schedule.ReleaseAsync(Cancellation));

        Assert.Equal([1, 2], await NumbersAsync());
    }

    /// <summary>What cannot be published stays, is tried again later, and stops no other; it can still be cancelled.</summary>
    [Fact]
    public async Task Release_ShouldKeepTheMessage_WhenItCannotBePublished()
    {
        RequireGivenTime();
        Assert.SkipUnless(RefusesUnhandledCommands, "what the schedule publishes to takes every message");
        var schedule = await OpenAsync();
        var command = new ScheduledMessage(SampleMessages.Command("nobody.handles", 2), DateTimeOffset.UnixEpoch);
        await schedule.AddAsync([Past(1), command, Past(3)], Cancellation);

        var first = await schedule.ReleaseAsync(Cancellation);
        Assert.Equal(2, first.Released);
        Assert.InRange(first.Next!.Value, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        _time.Advance(first.Next.Value);
        var second = await schedule.ReleaseAsync(Cancellation);

        Assert.Equal(0, second.Released);
        Assert.NotNull(second.Next);
        Assert.Equal([1, 3], await NumbersAsync());
        Assert.True(await schedule.CancelAsync(command.Envelope.Source!, command.Envelope.Id, Cancellation));
        Assert.Equal(new ScheduleRelease(0, null), await schedule.ReleaseAsync(Cancellation));
    }

    private ValueTask<ISchedule> OpenAsync() => OpenScheduleAsync(KeepsGivenTime ? _time : TimeProvider.System);

    private void RequireGivenTime() => Assert.SkipUnless(KeepsGivenTime, "the schedule takes the time from its server, so the test cannot move it");

    private ScheduledMessage In(int seconds, int number) => new(SampleMessages.Event("a.b", number, "k"), Now.AddSeconds(seconds));

    private ScheduledMessage InMilliseconds(int milliseconds, int number) => new(SampleMessages.Event("a.b", number, "k"), Now.AddMilliseconds(milliseconds));

    private static ScheduledMessage Past(int number) => new(SampleMessages.Event("a.b", number, "k"), DateTimeOffset.UnixEpoch);

    private static async Task<IReadOnlyList<int>> CancelAllAsync(List<ISchedule> schedules, ScheduledMessage[] messages)
    {
        await Task.Yield();
        var cancelled = await Task.WhenAll(messages.Select(async (message, index) =>
            await schedules[index % schedules.Count].CancelAsync(message.Envelope.Source!, message.Envelope.Id, Cancellation)));
        return [.. messages.Where((_, index) => cancelled[index]).Select(message => SampleMessages.NumberOf(message.Envelope))];
    }

    private async Task ReleaseUntilAsync(ISchedule schedule, Task cancelled)
    {
        await Task.Yield();
        for (var isLast = false; !isLast;)
        {
            isLast = cancelled.IsCompleted;
            if (KeepsGivenTime)
                _time.Advance(TimeSpan.FromMilliseconds(isLast ? 1_000 : 1));
            isLast &= await schedule.ReleaseAsync(Cancellation) is { Next: null };
        }
    }

    private async ValueTask<IReadOnlyList<int>> NumbersAsync() => [.. (await ReadPublishedAsync()).Select(message => SampleMessages.NumberOf(message))];
}
