using Carillon.Properties.Tests.Generating;
using Carillon.Properties.Tests.Running;
using Carillon.Relational;
using Carillon.Scheduling;
using Carillon.Sqlite;
using Carillon.Transports;
using FsCheck;
using FsCheck.Fluent;

namespace Carillon.Properties.Tests.Sqlite;

/// <summary>What is written into a file comes back as it was, in every table, whatever the culture of those who write and read.</summary>
[Collection(CultureCollection.Name)]
public sealed class StoredEnvelopeProperties : IAsyncDisposable
{
    private const int BatchMax = 20;
    private readonly TemporaryFile _file = new(TimeProvider.System);

    private static readonly Gen<(Envelope[] Batch, string Culture)> _batches =
        from count in Gen.Choose(1, BatchMax)
        from batch in Gen.CollectToArray(Enumerable.Repeat(Envelopes.Valid, count))
        from culture in Cultures.Names
        select (batch, culture);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Send_ShouldStoreTheSame_WhenEnvelopesAreAny()
    {
        var transport = new SqliteTransport(_file.File, Log.Messages);
        await using var sender = await transport.OpenSenderAsync(Cancellation);
        var after = 0L;

        await HoldsAsync(async batch =>
        {
            AssertRefused(batch, await sender.SendAsync(batch, Cancellation));
            var stored = await transport.ReadAsync(new LogQuery { After = after, Limit = BatchMax + 1 }, Cancellation);
            after = stored.Count > 0 ? stored[^1].Position : after;
            return [.. stored.Select(message => message.Envelope)];
        }, Storable);
    }

    [Fact]
    public async Task Append_ShouldStoreTheSame_WhenEnvelopesGoToTheOutbox()
    {
        var database = await _file.OpenAsync();
        var after = 0L;

        await HoldsAsync(async batch =>
        {
            AssertRefused(batch, await database.WriteAsync(database.Append(Log.Outbox, batch, AppendPatience.Full), Cancellation));
            var stored = await database.ReadAsync(after, static (session, after) => ReadOutboxAsync(session, after), Cancellation);
            after = stored.Count == 0 ? after : stored[^1].Position;
            return [.. stored.Select(message => message.Envelope)];
        }, Storable);
    }

    [Fact]
    public async Task Release_ShouldMoveTheSameIntoTheLog_WhenEnvelopesWereScheduled()
    {
        var log = new RelationalMessageLog(_file.File);
        var schedule = new RelationalSchedule(_file.File, Log.Messages);
        var after = 0L;

        await HoldsAsync(async batch =>
        {
            // A publisher refuses what no store can hold, long before it is scheduled.
            batch = [.. Schedulable(batch)];
            await schedule.AddAsync([.. batch.Select(envelope => new ScheduledMessage(envelope, DateTimeOffset.UnixEpoch))], Cancellation);
            Assert.Equal(new ScheduleRelease(batch.Length, null), await schedule.ReleaseAsync(Cancellation));
            var stored = await log.ReadAsync(new LogQuery { After = after, Limit = BatchMax + 1 }, Cancellation);
            after = stored.Count == 0 ? after : stored[^1].Position;
            return [.. stored.Select(message => message.Envelope)];
        }, Schedulable);
    }

    public async ValueTask DisposeAsync() => await _file.DisposeAsync();

    private static bool IsStorable(Envelope envelope) => StorableText.FindFault(envelope) is null;

    private static IEnumerable<Envelope> Storable(IEnumerable<Envelope> batch) => batch.Where(IsStorable);

    /// <summary>An id stands for one message of a service while that waits on the schedule.</summary>
    private static IEnumerable<Envelope> Schedulable(IEnumerable<Envelope> batch) => Storable(batch).DistinctBy(static envelope => (envelope.Source, envelope.Id));

    /// <summary>What no store can hold is refused by its place, and nothing else is.</summary>
    private static void AssertRefused(Envelope[] batch, IReadOnlyList<SendFailure>? failures) =>
        Assert.Equal(batch.Index().Where(sent => !IsStorable(sent.Item)).Select(sent => sent.Index), (failures ?? []).Select(failure => failure.Index));

    private static Task HoldsAsync(
        Func<Envelope[], Task<Envelope[]>> storeAndRead, Func<IEnumerable<Envelope>, IEnumerable<Envelope>> expected, [System.Runtime.CompilerServices.CallerMemberName] string name = "") => Always.HoldsAsync(
        _batches,
        async given =>
        {
            using var scope = new CultureScope(given.Culture);
            var stored = await storeAndRead(given.Batch);
            var wanted = expected(given.Batch).ToArray();
            Assert.Equal(wanted.Length, stored.Length);
            foreach (var (expected, actual) in wanted.Zip(stored))
                EnvelopeEquality.AssertSame(expected, actual);
        },
        given => Smaller.Sequences(given.Batch, Envelopes.Simpler).Where(batch => batch.Length > 0).Select(batch => (batch, given.Culture)),
        cost: 2,
        name);

    private static async ValueTask<IReadOnlyList<(long Position, Envelope Envelope)>> ReadOutboxAsync(Session session, long after)
    {
        var stored = new List<(long Position, Envelope Envelope)>();
        var envelopes = new EnvelopeReader();
        await using var rows = await session.Prepare($"SELECT position, {EnvelopeColumns.Names} FROM carillon_outbox WHERE position > @after ORDER BY position").Set("after", after).ReadAsync();
        while (await rows.NextAsync())
            stored.Add((rows.Number(0), envelopes.Read(rows, firstColumn: 1)));
        return stored;
    }
}
