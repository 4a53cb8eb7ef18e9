using Carillon.Conformance.Transports;
using Carillon.Scheduling;

namespace Carillon.Conformance;

public abstract partial class ScheduleConformance
{
    /// <summary>A message that is scheduled again while it waits is one message, due when the last call says.</summary>
    [Fact]
    public async Task Add_ShouldKeepOneMessage_WhenItWaitsAlready()
    {
        var schedule = await OpenAsync();
        var (sooner, later) = (Past(1), Past(2));
        await schedule.AddAsync([In(3_600, sooner), later], Cancellation);
        await schedule.AddAsync([Anew(sooner), In(3_600, Anew(later))], Cancellation);

        Assert.Equal(1, (await schedule.ReleaseAsync(Cancellation)).Released);

        Assert.Equal([1], await NumbersAsync());
        Assert.True(await schedule.CancelAsync(later.Envelope.Source!, later.Envelope.Id, Cancellation));
        Assert.False(await schedule.CancelAsync(later.Envelope.Source!, later.Envelope.Id, Cancellation));
        Assert.Equal(new ScheduleRelease(0, null), await schedule.ReleaseAsync(Cancellation));
    }

    /// <summary>However many schedule the same message at once, it is one message.</summary>
    [Fact]
    public async Task Add_ShouldKeepOneMessage_WhenManyAddItAtOnce()
    {
        var schedules = new List<ISchedule>();
        for (var opened = 0; opened < 4; opened++)
            schedules.Add(await OpenAsync());
        var messages = Enumerable.Range(0, 20).Select(Past).ToArray();

        await Task.WhenAll(schedules.SelectMany(schedule => messages.Select(async message => await schedule.AddAsync([Anew(message), Anew(message)], Cancellation))));

        Assert.Equal(new ScheduleRelease(20, null), await schedules[0].ReleaseAsync(Cancellation));
        Assert.Equal(Enumerable.Range(0, 20), (await NumbersAsync()).Order());
    }

    /// <summary>An id stands for one message: while it waits, another one of its id is refused for good, with all that is added in the same call.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Add_ShouldRefuseAllThatIsAdded_WhenAnotherMessageHasTheId(bool waits)
    {
        var schedule = await OpenAsync();
        var (first, other) = (Past(1), Past(3));
        var second = other with { Envelope = other.Envelope with { Id = first.Envelope.Id } };
        if (waits)
            await schedule.AddAsync([first], Cancellation);

        var refused = await Assert.ThrowsAsync<PublishFailedException>(async () =>
            await schedule.AddAsync(waits ? [Past(2), second] : [Past(2), first, second], Cancellation));

        Assert.Equal((ErrorCodes.AlreadyScheduled, false, false), (refused.Code, refused.IsTransient, refused.IsOutcomeUnknown));
        Assert.Contains(first.Envelope.Id.ToString(), refused.Message, StringComparison.Ordinal);
        Assert.Equal(waits, await schedule.CancelAsync(first.Envelope.Source!, first.Envelope.Id, Cancellation));
        await schedule.AddAsync([second], Cancellation);
        await schedule.ReleaseAsync(Cancellation);
        Assert.Equal([3], await NumbersAsync());
    }

    /// <summary>The ids of services have nothing to do with each other.</summary>
    [Fact]
    public async Task Add_ShouldKeepBoth_WhenTwoServicesUseTheSameId()
    {
        var schedule = await OpenAsync();
        var (one, other) = (Past(1), Past(2));

        await schedule.AddAsync([one, other with { Envelope = other.Envelope with { Id = one.Envelope.Id, Source = "/services/another" } }], Cancellation);
        await schedule.ReleaseAsync(Cancellation);

        Assert.Equal([1, 2], await NumbersAsync());
    }

    /// <summary>What was published is not remembered: scheduled again, it is published again, like any message that is published twice.</summary>
    [Fact]
    public async Task Add_ShouldPublishAgain_WhenTheMessageWasPublished()
    {
        var schedule = await OpenAsync();
        var message = Past(7);
        for (var round = 0; round < 2; round++)
        {
            await schedule.AddAsync([Anew(message)], Cancellation);
            await schedule.ReleaseAsync(Cancellation);
        }

        Assert.Equal([7, 7], await NumbersAsync());
    }

    /// <summary>The same message as its publisher makes it when it schedules it again: at another time, in another trace.</summary>
    private static ScheduledMessage Anew(ScheduledMessage message) => message with
    {
        Envelope = message.Envelope with { Time = message.Envelope.Time.AddMinutes(1), CausationId = SampleMessages.NextId(), CorrelationId = SampleMessages.NextId() },
    };

    private ScheduledMessage In(int seconds, ScheduledMessage message) => message with { Due = Now.AddSeconds(seconds) };
}
