namespace Carillon.Transports;

/// <summary>
/// Partitions on their way from this instance to another one, for transports that give them back themselves: nothing more of them is read, and each
/// is given back when nothing of it is being handled any more, however long that takes. The other partitions go on meanwhile.
/// </summary>
/// <typeparam name="TPartition">What the receiver knows of a partition that it has; another object when it gets the same partition again.</typeparam>
/// <param name="patience">After how long handlers are cancelled. The partition waits on until they have ended.</param>
/// <param name="time">The clock.</param>
/// <param name="drained">Wakes the receiver: a partition can be given back.</param>
/// <remarks>Used by one loop at a time. The receiver goes on to renew its right to the partitions until it has given them back.</remarks>
public sealed class PartitionHandovers<TPartition>(TimeSpan patience, TimeProvider time, Action drained)
    where TPartition : class
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    // Enough to read what was set aside, and to begin with it.
    private static readonly TimeSpan Respite = TimeSpan.FromSeconds(1);
    private readonly Dictionary<TPartition, Handover> _leaving = new(ReferenceEqualityComparer.Instance);

    /// <summary>The partitions that can be given back. They stay here until <see cref="End"/>.</summary>
    public IReadOnlyList<TPartition> Drained => [.. _leaving.Where(static leaving => leaving.Value.IsDrained).Select(static leaving => leaving.Key)];

    /// <summary>Whether a partition is on its way already.</summary>
    public bool IsLeaving(TPartition partition) => _leaving.ContainsKey(partition);

    /// <summary>Begins with a partition, of which nothing more is read from now on. One that is on its way already goes on.</summary>
    public void Begin(IDeliverySink sink, TPartition partition, AssignedPartition assignment, PartitionProgress progress) =>
        Begin(sink, partition, assignment, progress, TimeSpan.Zero, patience);

    /// <summary>
    /// Begins with a partition whose next message is for another instance. What is being handled here is let finish, and where this instance was given the partition for a message of its own that may
    /// still be waiting, it goes on for a second before: otherwise two instances that each have a message there for the other could hand it to and fro for ever.
    /// </summary>
    public void BeginStepAside(IDeliverySink sink, TPartition partition, AssignedPartition assignment, PartitionProgress progress) =>
        Begin(sink, partition, assignment, progress, progress.MayHoldWanted ? Respite : TimeSpan.Zero, Timeout.InfiniteTimeSpan);

    /// <summary>A partition was given back, or is another's already.</summary>
    public void End(TPartition partition) => _leaving.Remove(partition);

    private void Begin(IDeliverySink sink, TPartition partition, AssignedPartition assignment, PartitionProgress progress, TimeSpan respite, TimeSpan limit)
    {
        if (_leaving.TryAdd(partition, new Handover()))
            _ = DrainAsync(sink, assignment, progress, respite, limit, _leaving[partition]);
    }

    private async Task DrainAsync(IDeliverySink sink, AssignedPartition assignment, PartitionProgress progress, TimeSpan respite, TimeSpan limit, Handover handover)
    {
        if (respite > TimeSpan.Zero)
            await Task.Delay(respite, time, CancellationToken.None);
        progress.Suspend();
        while (!handover.IsDrained)
        {
            using var deadline = new CancellationTokenSource(limit, time);
            try
            {
                await sink.RevokeAsync([assignment], deadline.Token);
                handover.IsDrained = true;
            }
            catch (Exception)
            {
                // Nobody may have it before it is certain that nobody here works on it.
                await Task.Delay(PauseAfterFailure, time, CancellationToken.None);
            }
        }

        // Last, so that whoever is woken by it finds what it is woken for.
        drained();
    }

    private sealed class Handover
    {
        private bool _isDrained;

        /// <summary>Whether nothing of the partition is being handled any more.</summary>
        public bool IsDrained { get => Volatile.Read(ref _isDrained); set => Volatile.Write(ref _isDrained, value); }
    }
}
