using Carillon.Conformance.Transports;
using Carillon.Properties.Tests.Generating;
using Carillon.Scheduling;

namespace Carillon.Properties.Tests.Scheduling;

/// <summary>Steps taken by a schedule and by its model side by side: a list of what waits, in the order in which it was added.</summary>
internal sealed class ScheduleTrial(IScheduleUnderTest tested, ShownTime time)
{
    private readonly List<(Envelope Envelope, DateTimeOffset Due)> _waiting = [];
    private readonly List<Envelope> _gone = [];
    private int _number;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private bool HasCommands => _waiting.Exists(message => message.Envelope.Kind == MessageKind.Command);

    public async Task TakeAsync(ScheduleStep step)
    {
        switch (step.Act)
        {
            case ScheduleAct.Add:
                await AddAsync(step.One, 1 + (step.Other % 3), number => SampleMessages.Event("a.b", number, "k"));
                break;
            case ScheduleAct.AddCommand:
                await AddAsync(step.One, 1, number => SampleMessages.Command("nobody.handles", number, "k"));
                break;
            case ScheduleAct.Cancel:
                await CancelAsync(step.One);
                break;
            case ScheduleAct.Release:
                await ReleaseAsync();
                break;
            case ScheduleAct.Wait:
                time.Advance(TimeSpan.FromSeconds(step.One));
                break;
            default:
                await tested.RestartAsync();
                break;
        }
    }

    /// <summary>When all times have come, each message is published once, the earliest first; what cannot be published is still there.</summary>
    public async Task DrainAsync()
    {
        time.Advance(TimeSpan.FromDays(1));
        await ReleaseAsync();
        Assert.All(_waiting, message => Assert.Equal(MessageKind.Command, message.Envelope.Kind));
        while (_waiting.Count > 0)
            await CancelAsync(0);
        Assert.Equal(new ScheduleRelease(0, null), await tested.Schedule.ReleaseAsync(Cancellation));
        Assert.Empty(await tested.ReadPublishedAsync());
    }

    private async Task AddAsync(int seed, int count, Func<int, Envelope> create)
    {
        ScheduledMessage[] added = [.. Enumerable.Range(0, count).Select(index => new ScheduledMessage(create(_number++), time.GetUtcNow().AddSeconds(((seed * (index + 1)) % 60) - 10)))];
        _waiting.AddRange(added.Select(message => (message.Envelope, message.Due)));
        await tested.Schedule.AddAsync(added, Cancellation);
    }

    private async Task CancelAsync(int index)
    {
        if (_gone.Count > 0)
            Assert.False(await tested.Schedule.CancelAsync(_gone[^1].Source!, _gone[^1].Id, Cancellation), "what is gone was cancelled");
        if (_waiting.Count == 0)
            return;
        var (envelope, _) = _waiting[index % _waiting.Count];
        _waiting.RemoveAt(index % _waiting.Count);
        _gone.Add(envelope);
        Assert.False(await tested.Schedule.CancelAsync("/services/another", envelope.Id, Cancellation), "another service cancelled it");
        Assert.True(await tested.Schedule.CancelAsync(envelope.Source!, envelope.Id, Cancellation), "what waits could not be cancelled");
    }

    private async Task ReleaseAsync()
    {
        var now = time.GetUtcNow();
        var due = _waiting.Where(message => message.Due <= now && message.Envelope.Kind == MessageKind.Event).OrderBy(message => message.Due).Select(message => message.Envelope).ToList();
        var release = await tested.Schedule.ReleaseAsync(Cancellation);

        Assert.Equal(due.Select(Number), (await tested.ReadPublishedAsync()).Select(Number));
        Assert.Equal(due.Count, release.Released);
        _waiting.RemoveAll(message => due.Exists(published => published.Id == message.Envelope.Id));
        _gone.AddRange(due);
        if (HasCommands)
            Assert.NotNull(release.Next);
        else
            Assert.Equal(_waiting.Count == 0 ? null : _waiting.Min(message => message.Due) - now, release.Next);
    }

    private static int Number(Envelope envelope) => SampleMessages.NumberOf(envelope);
}
