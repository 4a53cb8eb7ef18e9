using System.Collections.Concurrent;
using Carillon.Parking;
using Carillon.Transports;
using Microsoft.Extensions.Logging;

namespace Carillon.Subscribing;

/// <summary>
/// Finds the messages that kill their process. Where the owner of a partition before may have died, each of the messages that may have been in its hands is
/// noted in the store before it is handled, and the note goes when the handler has ended, however it did. A note that is found again is a death. Such a
/// message is handled alone, and after some deaths it is not handled any more.
/// </summary>
/// <param name="subscription">The subscription.</param>
/// <param name="notes">The store of the notes; null where nothing outlives the process.</param>
/// <param name="parking">Who owns what.</param>
/// <param name="mostDeaths">After how many deaths a message is given up; 0 for never.</param>
/// <param name="suspects">How many messages of a partition may have been in the hands of the owner before.</param>
/// <param name="turn">The turn of all subscriptions of the process.</param>
/// <param name="logger">Where it is said.</param>
internal sealed class DeadlyMessages(
    string subscription, IStartNotes? notes, SubscriptionParking parking, int mostDeaths, int suspects, LoneTurn turn, ILogger logger)
{
    private readonly ConcurrentDictionary<(string Partition, bool IsParked), int> _left = new();

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

    /// <summary>A suspect is about to be handled.</summary>
    /// <returns>How often a process has died of it, or null when it is not to be handled any more.</returns>
    public async ValueTask<int?> BeginAsync(Delivery delivery, CancellationToken cancellation)
    {
        Count(PlaceOf(delivery));
        var deaths = await notes!.CountAsync(parking.OwnerOf(delivery.Partition), delivery.Envelope, cancellation);
        if (deaths > 0)
            SubscribingLog.ProcessDied(logger, delivery.Envelope.Id, subscription, deaths);
        // The first death was not noted: nothing is, on ordinary days.
        if (deaths >= Math.Max(1, mostDeaths - 1))
            return null;
        // Noted when its turn has come, and not before: what only waits for it when the process dies is not to blame.
        if (deaths > 0)
            await turn.TakeAsync(cancellation);
        try
        {
            await notes.NoteAsync(parking.OwnerOf(delivery.Partition), delivery.Envelope, cancellation);
        }
        catch when (deaths > 0)
        {
            turn.Give();
            throw;
        }

        return deaths;
    }

    /// <summary>The handler has ended, or is not to begin.</summary>
    /// <param name="delivery">The message.</param>
    /// <param name="deaths">What <see cref="BeginAsync"/> has said.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask EndAsync(Delivery delivery, int? deaths, CancellationToken cancellation)
    {
        if (deaths > 0)
            turn.Give();
        try
        {
            await notes!.RemoveAsync(parking.OwnerOf(delivery.Partition), delivery.Envelope, cancellation);
        }
        catch (Exception error)
        {
            // The message is handled or set aside by now, whatever becomes of its note. Who finds that thinks that one process more has died of it.
            SubscribingLog.NoteKept(logger, delivery.Envelope.Id, subscription, error);
        }
    }

    private static (string Partition, bool IsParked) PlaceOf(Delivery delivery) => (delivery.Partition, delivery is ParkedDelivery);

    private void Count((string Partition, bool IsParked) place)
    {
        if (_left.AddOrUpdate(place, 0, static (_, left) => left - 1) <= 0)
            _left.TryRemove(place, out _);
    }
}
