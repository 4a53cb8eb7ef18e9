using Carillon.Conformance.Transports;
using Carillon.Properties.Tests.Generating;
using Carillon.Relational;
using Carillon.Transports;

namespace Carillon.Properties.Tests.Receiving;

/// <summary>
/// Instances of one subscription beside the model: what was appended, and which of it was finished by anybody. Nothing is finished for the
/// file that nobody has finished, and no key's message is finished before an earlier one.
/// </summary>
internal sealed class LogTrial : IAsyncDisposable
{
    private const int Instances = 2;

    // Whatever the clock was set to, one that is not heard of is dead after one and a half of its lease.
    private const int LooksUntilDead = 3;
    private static readonly string?[] _keys = ["k", "l", "m", null];
    private readonly Database _database;
    private readonly ShownTime _time;
    private readonly Log _log;
    private readonly SubscriptionTopology _subscription;
    private readonly long _number;
    private readonly LogInstance[] _instances;
    private readonly List<(int Number, string? Key)> _appended = [];
    private readonly HashSet<int> _finished = [];
    private readonly Dictionary<string, SortedSet<long>> _unfinished = [];

    private LogTrial(Database database, ShownTime time, Log log, SubscriptionTopology subscription, long number)
    {
        (_database, _time, _log, _subscription, _number) = (database, time, log, subscription, number);
        _instances = [.. Enumerable.Range(0, Instances).Select(_ => Begin())];
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Begins at the end of what other trials have left in the file.</summary>
    public static async Task<LogTrial> StartAsync(Database database, ShownTime time, Log log, string name)
    {
        var subscription = new SubscriptionTopology
        {
            Name = name,
            Service = name,
            Topics = log == Log.Outbox ? [] : [TopicPattern.Parse("a.*")],
            Source = log == Log.Outbox ? "/services/conformance" : null,
        };
        var numbers = await database.WriteAsync(new TopologyChange(new Topology(name, [subscription]), database.Partitions, log), Cancellation);
        return new LogTrial(database, time, log, subscription, numbers[name]);
    }

    public async Task TakeAsync(LogStep step)
    {
        var instance = _instances[step.One % Instances];
        switch (step.Act)
        {
            case LogAct.Append:
                await AppendAsync(step.One, 1 + (step.Other % 4));
                break;
            case LogAct.Round:
                await instance.RoundAsync();
                break;
            case LogAct.Read:
                await ReadAsync(instance, 1 + (step.Other % 6));
                break;
            case LogAct.Acknowledge when instance.Open.Count > 0:
                Acknowledge(instance, instance.Open[step.Other % instance.Open.Count]);
                break;
            case LogAct.Return when instance.Open.Count > 0:
                instance.Return(instance.Open[step.Other % instance.Open.Count]);
                break;
            case LogAct.WriteCursors:
                await instance.WriteCursorsAsync();
                break;
            case LogAct.Wait:
                _time.Advance(TimeSpan.FromSeconds(step.Other % 12));
                break;
            case LogAct.SetClock:
                _time.Jump((step.Other - 15) * TimeSpan.TicksPerMinute);
                break;
            case LogAct.Crash or LogAct.Stop:
                await ReplaceAsync(step.One % Instances, isClean: step.Act == LogAct.Stop);
                break;
            default:
                return;
        }

        await CheckCursorsAsync();
    }

    /// <summary>When all leases have run out, one instance gets everything that is not finished, and nothing is left.</summary>
    public async Task DrainAsync()
    {
        await using var last = Begin();
        for (var looks = 0; looks < LooksUntilDead; looks++)
        {
            await last.RoundAsync();
            _time.Advance(_database.LeaseTime / 2);
        }

        await last.RoundAsync();
        Assert.Equal(_database.Partitions, last.Partitions.Count());
        while (await last.HasMoreAsync())
        {
            await ReadAsync(last, 5);
            while (last.Open.Count > 0)
                Acknowledge(last, last.Open[0]);
        }

        Assert.Equal(_appended.Select(message => message.Number), _finished.Order());
        await last.WriteCursorsAsync();
        await CheckCursorsAsync();
        await last.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances)
            await instance.DisposeAsync();
    }

    private LogInstance Begin() => new(_database, _time, _log, _subscription, _number);

    private async Task AppendAsync(int seed, int count)
    {
        var batch = Enumerable.Range(0, count).Select(index => SampleMessages.Event("a.b", _appended.Count + index, _keys[(seed + index) % _keys.Length])).ToArray();
        _appended.AddRange(batch.Select(message => (SampleMessages.NumberOf(message), message.Key)));
        await _database.WriteAsync(_database.Append(_log, batch, AppendPatience.Full), Cancellation);
        var placed = await _database.ReadAsync((_log.Table, count), static (session, last) => PlacesAsync(session, last.Table, last.count), Cancellation);
        foreach (var (partition, position) in placed)
            UnfinishedOf(Partitions.Name((int)(partition % _database.Partitions))).Add(position);
    }

    private async Task ReadAsync(LogInstance instance, int room)
    {
        var before = instance.Open.Select(open => open.Position).ToHashSet();
        foreach (var delivery in await instance.ReadAsync(room))
        {
            Assert.True(before.Add(delivery.Position), $"position {delivery.Position} was handed over although it is in hand");
            Assert.DoesNotContain(_instances.Where(other => other != instance && other.IsValid), other => other.Partitions.Contains(delivery.Partition));
        }
    }

    /// <summary>A key's messages are handled one by one: what is finished is the first of its key that the instance has.</summary>
    private void Acknowledge(LogInstance instance, Delivery chosen)
    {
        var key = chosen.Envelope.Key;
        var delivery = key is null ? chosen : instance.Open.Where(open => open.Envelope.Key == key).MinBy(open => open.Position)!;
        Assert.Equal(delivery, key is null ? delivery : instance.Open.First(open => open.Envelope.Key == key));
        var number = SampleMessages.NumberOf(delivery.Envelope);
        if (key is not null)
            Assert.DoesNotContain(_appended, earlier => earlier.Key == key && earlier.Number < number && !_finished.Contains(earlier.Number));
        _finished.Add(number);
        UnfinishedOf(delivery.Partition).Remove(delivery.Position!.Value);
        instance.Acknowledge(delivery);
    }

    private async Task ReplaceAsync(int index, bool isClean)
    {
        if (isClean)
            await _instances[index].StopAsync();
        await _instances[index].DisposeAsync();
        _instances[index] = Begin();
    }

    private async Task CheckCursorsAsync()
    {
        var cursors = await _database.ReadAsync(_number, static (session, number) => CursorsAsync(session, number), Cancellation);
        foreach (var (partition, cursor) in cursors)
            Assert.True(UnfinishedOf(Partitions.Name((int)partition)).All(position => position > cursor), $"the cursor {cursor} of partition {partition} has passed by {string.Join(", ", UnfinishedOf(Partitions.Name((int)partition)))}");
    }

    private SortedSet<long> UnfinishedOf(string partition)
    {
        if (!_unfinished.TryGetValue(partition, out var positions))
            _unfinished.Add(partition, positions = []);
        return positions;
    }

    private static ValueTask<List<(long, long)>> CursorsAsync(Session session, long number) =>
        PairsAsync(session.Prepare("SELECT partition, cursor FROM carillon_leases WHERE subscription = @subscription").Set("subscription", number));

    private static ValueTask<List<(long, long)>> PlacesAsync(Session session, string table, int count) =>
        PairsAsync(session.Prepare($"SELECT partition, position FROM {table} ORDER BY position DESC LIMIT @count").Set("count", count));

    private static async ValueTask<List<(long, long)>> PairsAsync(Statement statement)
    {
        var pairs = new List<(long, long)>();
        await using var rows = await statement.ReadAsync();
        while (await rows.NextAsync())
            pairs.Add((rows.Number(0), rows.Number(1)));
        return pairs;
    }
}
