using System.Globalization;
using Carillon.Relational;
using Carillon.Scheduling;
using Carillon.Transports;
using Npgsql;

namespace Carillon.PostgreSql.Tests;

/// <summary>Those who cancel and those who publish what is due meet in the same rows, in several processes and in transactions that take their time.</summary>
public sealed class ScheduleRaceTests : DatabaseTests
{
    [Fact]
    public async Task Cancel_ShouldTellTheTruth_WhenSeveralProcessesReleaseMeanwhile()
    {
        const int Count = 400;
        RelationalSchedule[] processes = [.. Enumerable.Range(0, 3).Select(_ => new RelationalSchedule(StartProcess(), Log.Messages))];
        var messages = Enumerable.Range(0, Count).Select(number => Due(number)).ToArray();
        await processes[0].AddAsync(messages, Cancellation);
        var cancelling = Task.WhenAll(messages.Select(async message => await processes[0].CancelAsync(message.Envelope.Source!, message.Envelope.Id, Cancellation)));

        await Task.WhenAll(processes.Select(schedule => DrainAsync(schedule, cancelling)));

        var cancelled = await cancelling;
        Assert.Equal(Enumerable.Range(0, Count).Where(number => !cancelled[number]), (await PublishedAsync()).Order());
    }

    [Fact]
    public async Task Release_ShouldPublishTheOthersAndWaitForNobody_WhenAnOpenTransactionHasCancelledOne()
    {
        var source = StartProcess();
        var schedule = new RelationalSchedule(source, Log.Messages);
        var (cancelled, other) = (Due(1), Due(2));
        await schedule.AddAsync([cancelled, other], Cancellation);
        await using (var transaction = await new PostgreSqlUnitOfWorkStore(source, Log.Messages).BeginAsync(Cancellation))
        {
            Assert.True(await transaction.CancelScheduledAsync(cancelled.Envelope.Source!, cancelled.Envelope.Id, Cancellation));

            Assert.Equal(new ScheduleRelease(1, TimeSpan.FromSeconds(1)), await schedule.ReleaseAsync(Cancellation));
            Assert.False(await schedule.CancelAsync(cancelled.Envelope.Source!, cancelled.Envelope.Id, Cancellation));
        }

        Assert.Equal(new ScheduleRelease(1, null), await schedule.ReleaseAsync(Cancellation));
        Assert.Equal([2, 1], await PublishedAsync());
    }

    [Fact]
    public async Task Cancel_ShouldSayFalseAtOnce_WhenTheMessageIsBeingPublished()
    {
        var source = StartProcess();
        var schedule = new RelationalSchedule(source, Log.Messages);
        var due = Due(1);
        await schedule.AddAsync([due], Cancellation);
        await using (var database = await source.OpenConnectionAsync(Cancellation))
        await using (var releasing = await database.BeginTransactionAsync(Cancellation))
        {
            await using var take = new NpgsqlCommand("SELECT scheduled FROM carillon_scheduled FOR UPDATE", database);
            await take.ExecuteScalarAsync(Cancellation);

            Assert.False(await schedule.CancelAsync(due.Envelope.Source!, due.Envelope.Id, Cancellation));
        }

        Assert.True(await schedule.CancelAsync(due.Envelope.Source!, due.Envelope.Id, Cancellation));
        Assert.Empty(await PublishedAsync());
    }

    [Fact]
    [Trait("Guarantee", "G4")]
    public async Task Release_ShouldPassByWhatWouldWait_WhenATransactionThatHasAppendedStaysOpen()
    {
        const int Waiting = 600;
        var source = StartProcess();
        var schedule = new RelationalSchedule(source, Log.Messages);
        await schedule.AddAsync([.. Enumerable.Range(1, Waiting).Select(Due)], Cancellation);
        await schedule.AddAsync([Due(2_000, "other")], Cancellation);
        await using (var transaction = await new PostgreSqlUnitOfWorkStore(source, Log.Messages).BeginAsync(Cancellation))
        {
            await transaction.AppendAsync([Message(0, "k")], Cancellation);

            Assert.Equal(new ScheduleRelease(1, TimeSpan.FromSeconds(1)), await schedule.ReleaseAsync(Cancellation));
            Assert.Equal(1, await Database.NumberAsync("SELECT count(*) FROM carillon_messages WHERE id = '2000'"));
            await transaction.CommitAsync(Cancellation);
        }

        while (await schedule.ReleaseAsync(Cancellation) is { Next: not null })
            await Task.Yield();
        Assert.Equal([0, 2_000, .. Enumerable.Range(1, Waiting)], await PublishedAsync());
    }

    /// <summary>In one statement they would be more than the server takes, for ever.</summary>
    [Fact]
    public async Task Release_ShouldMoveAFewMegabytesAtOnce_WhenLargeMessagesAreDueTogether()
    {
        var schedule = new RelationalSchedule(StartProcess(), Log.Messages);
        ScheduledMessage Large(int number) => new(Message(number, "k") with { Body = new byte[1 << 20] }, DateTimeOffset.UnixEpoch);
        await schedule.AddAsync([.. Enumerable.Range(0, 10).Select(Large)], Cancellation);

        var pieces = new List<int>();
        for (ScheduleRelease? release = null; release is not { Next: null }; pieces.Add(release.Value.Released))
            release = await schedule.ReleaseAsync(Cancellation);

        Assert.Equal([4, 4, 2], pieces);
        Assert.Equal(Enumerable.Range(0, 10), await PublishedAsync());
    }

    [Fact]
    public async Task Release_ShouldKeepBackOneAlone_WhenTheServerDoesNotTakeIt()
    {
        var schedule = new RelationalSchedule(StartProcess(), Log.Messages);
        await schedule.AddAsync([.. Enumerable.Range(0, 20).Select(Due)], Cancellation);
        await Database.ExecuteAsync("ALTER TABLE carillon_messages ADD CONSTRAINT no_seven CHECK (id <> '7')");

        while (await schedule.ReleaseAsync(Cancellation) is { Next: var next } && next < TimeSpan.FromSeconds(30))
            await Task.Yield();

        Assert.Equal(Enumerable.Range(0, 20).Except([7]), await PublishedAsync());
        Assert.Contains("no_seven", await Database.TextAsync("SELECT reason FROM carillon_scheduled"), StringComparison.Ordinal);
    }

    private static async Task DrainAsync(RelationalSchedule schedule, Task cancelled)
    {
        await Task.Yield();
        for (var isLast = false; !isLast;)
        {
            isLast = cancelled.IsCompleted;
            isLast &= await schedule.ReleaseAsync(Cancellation) is { Next: null };
        }
    }

    private static ScheduledMessage Due(int number) => Due(number, "k");

    private static ScheduledMessage Due(int number, string key) => new(Message(number, key), DateTimeOffset.UnixEpoch);

    private static Envelope Message(int number, string key) => new()
    {
        Id = EventId.Parse(number.ToString(CultureInfo.InvariantCulture)),
        Source = "/services/orders",
        Topic = "a.b",
        Type = "a.b",
        Key = key,
        Body = "{}"u8.ToArray(),
    };

    private async Task<IReadOnlyList<int>> PublishedAsync()
    {
        var page = await new RelationalMessageLog(StartProcess()).ReadAsync(new LogQuery { Limit = 1_000 }, Cancellation);
        return [.. page.Select(message => int.Parse(message.Envelope.Id.ToString(), CultureInfo.InvariantCulture))];
    }
}
