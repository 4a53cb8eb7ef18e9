using System.Collections.Concurrent;
using Carillon.Parking;
using Microsoft.Extensions.Logging;

namespace Carillon.Subscribing;

/// <summary>
/// The notes of this process that may stand in the store. As long as the process lives each of them is taken back in the end, however its handling ended: what stands is a death for whoever has the
/// partition next.
/// </summary>
/// <param name="subscription">The subscription.</param>
/// <param name="notes">The store of the notes; null where nothing outlives the process, and nothing is noted.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where it is said.</param>
internal sealed class StandingNotes(string subscription, IStartNotes? notes, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<Note, (SuspectStart Start, Envelope Message)> _standing = new();
    private volatile bool _isClosed;

    /// <summary>A note is about to be written.</summary>
    public void Add(SuspectStart start, ParkingOwner owner, Envelope message) => _standing[new Note(owner, message.Source, message.Id)] = (start, message);

    /// <summary>No note about a message stands any more.</summary>
    public void Forget(SuspectStart start)
    {
        foreach (var note in NotesOf(start))
            _standing.TryRemove(note);
    }

    /// <summary>Takes back what was noted at a start. It has time of its own, whatever becomes of whoever wants it; what fails is tried again later.</summary>
    public async ValueTask WithdrawAsync(SuspectStart start)
    {
        if (await TryWithdrawAsync(start) is not { } error)
            return;
        foreach (var note in NotesOf(start))
            SubscribingLog.NoteKept(logger, note.Key.Id, subscription, error);
        _ = WithdrawLaterAsync(start);
    }

    /// <summary>Takes back everything: the process ends cleanly, and what its handlers still do is nobody's death.</summary>
    public async ValueTask CloseAsync(CancellationToken cancellation)
    {
        _isClosed = true;
        // They stay known: one that is being written just now may come after this, and goes when its handling ends.
        await Task.WhenAll(_standing.Select(note => WithdrawAsync(note.Key.Owner, note.Value.Message, cancellation)));
    }

    private async Task WithdrawLaterAsync(SuspectStart start)
    {
        do
        {
            await Task.Delay(Pause, time, CancellationToken.None);
        }
        while (!_isClosed && await TryWithdrawAsync(start) is not null);
    }

    private async Task<Exception?> TryWithdrawAsync(SuspectStart start)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        try
        {
            foreach (var note in NotesOf(start))
            {
                await WithdrawAsync(note.Key.Owner, note.Value.Message, limit.Token);
                _standing.TryRemove(note);
            }

            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }

    private async Task WithdrawAsync(ParkingOwner owner, Envelope message, CancellationToken cancellation) =>
        await notes!.WithdrawAsync(owner, message, cancellation);

    private IEnumerable<KeyValuePair<Note, (SuspectStart Start, Envelope Message)>> NotesOf(SuspectStart start) =>
        _standing.Where(note => note.Value.Start == start);

    private readonly record struct Note(ParkingOwner Owner, string? Source, EventId Id);
}
