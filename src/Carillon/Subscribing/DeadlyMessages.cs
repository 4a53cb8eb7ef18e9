using System.Collections.Concurrent;
using Carillon.Parking;
using Carillon.Transports;
using Microsoft.Extensions.Logging;

namespace Carillon.Subscribing;

/// <summary>
/// Finds messages that kill their process. When the owner of a partition before may have died, each message that it may have had in hand is noted in the
/// store before it is handled. The note is removed when the handler ends, however it ends. A note of an earlier owner that is still there counts as a death, unless
/// the process that wrote it has taken it back. A message with a death is handled alone, and after some deaths no more.
/// </summary>
/// <param name="subscription">The subscription.</param>
/// <param name="notes">The store of the notes; null where nothing outlives the process.</param>
/// <param name="partitions">Who owns what.</param>
/// <param name="writer">Waits where the store is away.</param>
/// <param name="mostDeaths">After how many deaths a message is given up, at least 2; 0 for never.</param>
/// <param name="suspects">How many messages of a partition may have been in the hands of the owner before.</param>
/// <param name="turn">The turn of all subscriptions of the process.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where it is said.</param>
internal sealed class DeadlyMessages(
    string subscription, IStartNotes? notes, PartitionOwnership partitions, ParkingWriter writer, int mostDeaths, int suspects, LoneTurn turn, TimeProvider time, ILogger logger)
{
    private readonly ConcurrentDictionary<(string Partition, bool IsParked), int> _left = new();
    private readonly StandingNotes _standing = new(subscription, notes, time, logger);

    /// <summary>Partitions are this instance's.</summary>
    public void Assign(IReadOnlyCollection<AssignedPartition> partitions)
    {
        foreach (var assignment in partitions)
        {
            foreach (var isParked in (ReadOnlySpan<bool>)[false, true])
            {
                if (assignment.IsFromTheDead && notes is not null && mostDeaths > 0)
                    _left[(assignment.Partition, isParked)] = suspects;
                else
                    _left.TryRemove((assignment.Partition, isParked), out _);
            }
        }
    }

    /// <summary>Whether a message may have been in the hands of a process that died.</summary>
    public bool IsSuspect(Delivery delivery) => !_left.IsEmpty && _left.ContainsKey(PlaceOf(delivery));

    /// <summary>A suspect is about to be handled. While the store cannot be reached, it waits.</summary>
    /// <param name="start">Told what is done. It is to be ended, whatever becomes of this call.</param>
    /// <param name="delivery">The message.</param>
    /// <param name="worker">Who handles it.</param>
    /// <param name="patience">Ends the waiting for its turn; once it has that, it goes on.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask BeginAsync(SuspectStart start, Delivery delivery, LaneWorker worker, CancellationToken patience, CancellationToken cancellation)
    {
        var deaths = await writer.WriteAsync(delivery.Partition, delivery.Envelope.Id, owner => notes!.CountAsync(owner, delivery.Envelope, cancellation), cancellation);
        if (deaths > 0)
            SubscribingLog.ProcessDied(logger, delivery.Envelope.Id, subscription, deaths);
        // The first death was not noted: nothing is, on ordinary days.
        start.IsOneTooMany = deaths >= mostDeaths - 1;
        if (start.IsOneTooMany)
            return;
        // Noted when its turn has come, and not before: what only waits for it when the process dies is not to blame.
        start.HasTurn = deaths > 0 && await worker.WaitAsync(ending => turn.TakeAsync(ending, cancellation), patience);
        await writer.WriteAsync(delivery.Partition, delivery.Envelope.Id, NoteAsync, cancellation);

        async ValueTask<int> NoteAsync(ParkingOwner owner)
        {
            _standing.Add(start, owner, delivery.Envelope);
            await notes!.NoteAsync(owner, delivery.Envelope, cancellation);
            return deaths;
        }
    }

    /// <summary>
    /// The handler has ended, or was interrupted. Only what has ended, or is a dead letter by now, is acquitted: what was interrupted may kill whoever gets it
    /// next, as it has killed those before. It may be called again.
    /// </summary>
    /// <param name="start">What was done to handle it.</param>
    /// <param name="delivery">The message.</param>
    /// <param name="cancellation">Gives up acquitting it. The notes of this process go all the same.</param>
    public async ValueTask EndAsync(SuspectStart start, Delivery delivery, CancellationToken cancellation)
    {
        if (start.HasTurn)
            turn.Give();
        start.HasTurn = false;
        if (start.HasEnded)
            Count(PlaceOf(delivery));
        if (start.HasEnded && await TryRemoveAsync(delivery, cancellation))
            _standing.Forget(start);
        else
            // This process lives: whoever has the partition next must not take its notes for a death.
            await _standing.WithdrawAsync(start);
    }

    /// <summary>The process ends cleanly: what its handlers have begun with, and do not end, is taken back.</summary>
    public ValueTask CloseAsync(CancellationToken cancellation) => _standing.CloseAsync(cancellation);

    /// <summary>The message is finished, so a failure to remove its notes is only logged. If notes of others remain, the next owner counts one death too many.</summary>
    private async ValueTask<bool> TryRemoveAsync(Delivery delivery, CancellationToken cancellation)
    {
        try
        {
            await notes!.RemoveAsync(partitions.OwnerOf(delivery.Partition), delivery.Envelope, cancellation);
            return true;
        }
        catch (Exception error)
        {
            if (!PartitionTakenOver.Says(error))
                SubscribingLog.NoteKept(logger, delivery.Envelope.Id, subscription, error);
            return false;
        }
    }

    private static (string Partition, bool IsParked) PlaceOf(Delivery delivery) => (delivery.Partition, delivery is ParkedDelivery);

    private void Count((string Partition, bool IsParked) place)
    {
        if (_left.AddOrUpdate(place, 0, static (_, left) => left - 1) <= 0)
            _left.TryRemove(place, out _);
    }
}
