using Carillon.InMemory;
using Carillon.Parking;

namespace Carillon.Tests.Parking;

/// <summary>The notes of the in-memory store, behind a line that does to each call what the test says.</summary>
internal sealed class InterruptibleNotes(InMemoryParkingStore store) : IStartNotes
{
    /// <summary>Called before each call, to make it fail.</summary>
    public Action Before { get; set; } = static () => { };

    public ValueTask<int> CountAsync(ParkingOwner owner, Envelope message, CancellationToken cancellation)
    {
        Before();
        return store.CountAsync(owner, message, cancellation);
    }

    public ValueTask NoteAsync(ParkingOwner owner, Envelope message, CancellationToken cancellation)
    {
        Before();
        return store.NoteAsync(owner, message, cancellation);
    }

    public ValueTask RemoveAsync(ParkingOwner owner, Envelope message, CancellationToken cancellation)
    {
        Before();
        return store.RemoveAsync(owner, message, cancellation);
    }

    public ValueTask WithdrawAsync(ParkingOwner owner, Envelope message, CancellationToken cancellation)
    {
        Before();
        return store.WithdrawAsync(owner, message, cancellation);
    }
}
