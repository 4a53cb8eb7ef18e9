using Carillon.Publishing;
using Microsoft.Extensions.Logging;

namespace Carillon.Scheduling;

/// <summary>
/// Keeps messages until they are due, while the process lives, and publishes them like any other. Bounded: when it is full, scheduling
/// fails; nothing is dropped.
/// </summary>
internal sealed class InMemorySchedule(
    PublishBatcher batcher, TimeProvider time, ILogger logger, int capacityMessages = 100_000, long capacityBytes = 256L * 1024 * 1024) : ISchedule
{
    private const int ReleaseMax = 500;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly SortedSet<ScheduleEntry> _waiting = new(Comparer<ScheduleEntry>.Create(Compare));
    private readonly ScheduledNames _names = new();
    private long _bytes;
    private long _added;

    /// <summary>How many messages wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    /// <inheritdoc/>
    public ValueTask AddAsync(IReadOnlyList<ScheduledMessage> messages, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            _names.RefuseOthers(messages);
            var entries = messages.Select(message => new ScheduleEntry(message.Envelope, message.Due, _added++)).ToArray();
            if (_waiting.Count + entries.Length > capacityMessages || _bytes + entries.Sum(entry => entry.Size) > capacityBytes)
            {
                throw new PublisherOverloadedException(
                    $"The in-memory schedule is full: it holds {_waiting.Count} of {capacityMessages} messages and {_bytes} of {capacityBytes} bytes. Use a schedule in a store.");
            }

            foreach (var entry in entries)
            {
                if (_names.Set(entry) is { } before)
                    Remove(before);
                Insert(entry);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<bool> CancelAsync(string source, EventId id, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (_names.Take(source, id) is not { } entry)
                return ValueTask.FromResult(false);
            Remove(entry);
            return ValueTask.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ScheduleRelease> ReleaseAsync(CancellationToken cancellation)
    {
        var due = TakeDue();
        var released = due.Count == 0 ? 0 : await PublishAsync(due, cancellation);
        lock (_gate)
            return new ScheduleRelease(released, _waiting.Min is { } first ? Later(first.Due - time.GetUtcNow()) : null);
    }

    private static TimeSpan Later(TimeSpan left) => left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private List<ScheduleEntry> TakeDue()
    {
        var due = new List<ScheduleEntry>();
        lock (_gate)
        {
            var now = time.GetUtcNow();
            while (due.Count < ReleaseMax && _waiting.Min is { } first && first.Due <= now)
            {
                Remove(first);
                first.IsOnItsWay = true;
                due.Add(first);
            }
        }

        return due;
    }

    /// <summary>Publishes messages next to each other and puts those back that could not be.</summary>
    private async ValueTask<int> PublishAsync(List<ScheduleEntry> due, CancellationToken cancellation)
    {
        var items = due.Select(entry => batcher.Prepare(entry.Envelope)).ToArray();
        try
        {
            batcher.Submit(items, OverloadBehavior.Wait, cancellation);
        }
        catch
        {
            PutBack(due);
            throw;
        }

        var released = 0;
        for (var i = 0; i < items.Length; i++)
        {
            try
            {
                await items[i].Outcome;
                released++;
                Forget(due[i]);
            }
            catch (Exception error)
            {
                Postpone(due[i], error, cancellation);
            }
        }

        return released;
    }

    private void Postpone(ScheduleEntry entry, Exception error, CancellationToken cancellation)
    {
        if (!cancellation.IsCancellationRequested)
        {
            var pause = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, entry.Failures++), LongestPause.TotalSeconds));
            SchedulingLog.Postponed(logger, entry.Envelope.Id, entry.Envelope.Type, pause, error);
            entry.Due = time.GetUtcNow() + pause;
        }

        PutBack([entry]);
    }

    private void PutBack(List<ScheduleEntry> entries)
    {
        lock (_gate)
        {
            // What was scheduled anew meanwhile waits already, or was cancelled.
            foreach (var entry in entries.Where(_names.IsLast))
            {
                entry.IsOnItsWay = false;
                Insert(entry);
            }
        }
    }

    private void Forget(ScheduleEntry published)
    {
        lock (_gate)
            _names.Forget(published);
    }

    private void Insert(ScheduleEntry entry)
    {
        _waiting.Add(entry);
        _bytes += entry.Size;
    }

    private void Remove(ScheduleEntry entry)
    {
        _waiting.Remove(entry);
        _bytes -= entry.Size;
    }

    private static int Compare(ScheduleEntry? left, ScheduleEntry? right) =>
        (left!.Due, left.Number).CompareTo((right!.Due, right.Number));
}
