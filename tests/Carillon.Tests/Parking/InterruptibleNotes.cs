using Carillon.InMemory;
using Carillon.Parking;

namespace Carillon.Tests.Parking;

/// <summary>The notes of the in-memory store, behind a line that does to each call what the test says.</summary>
internal sealed class InterruptibleNotes(InMemoryParkingStore store) : IStartNotes
{
    /// <summary>Called before each call, to make it fail.</summary>
    public Action Before { get; set; } = static () => { };

    /// <summary>How long each call takes.</summary>
    public Func<CancellationToken, Task> Way { get; set; } = static _ => Task.CompletedTask;

    public async ValueTask<int> CountAsync(ParkingOwner owner, Envelope message, CancellationToken cancellation)
    {
        await TakeAsync(cancellation);
        return await store.CountAsync(owner, message, cancellation);
    }

    public async ValueTask NoteAsync(ParkingOwner owner, Envelope message, CancellationToken cancellation)
    {
        await TakeAsync(cancellation);
        await store.NoteAsync(owner, message, cancellation);
    }

    public async ValueTask RemoveAsync(ParkingOwner owner, Envelope message, CancellationToken cancellation)
    {
        await TakeAsync(cancellation);
        await store.RemoveAsync(owner, message, cancellation);
    }

    public async ValueTask WithdrawAsync(ParkingOwner owner, Envelope message, CancellationToken cancellation)
    {
        await TakeAsync(cancellation);
        await store.WithdrawAsync(owner, message, cancellation);
    }

    private async Task TakeAsync(CancellationToken cancellation)
    {
        Before();
        cancellation.ThrowIfCancellationRequested();
        await Way(cancellation);
    }
}
