using System.Data.Common;
using Carillon.Durability;
using Carillon.Scheduling;

namespace Carillon.Tests.Durability;

/// <summary>A store's transaction that keeps what it committed, and notices when two use it at once.</summary>
internal sealed class RecordingTransaction : IStoreTransaction
{
    private readonly List<string> _written = [];
    private int _users;

    /// <summary>The ids of what was committed, appended and scheduled.</summary>
    public IReadOnlyList<string> Committed { get; private set; } = [];

    /// <summary>What the transaction waits for before it does anything, or null.</summary>
    public TaskCompletionSource? Held { get; set; }

    public bool Overlapped { get; private set; }

    public bool IsDisposed { get; private set; }

    public DbTransaction Transaction { get; } = new TestTransaction(new TestConnection());

    public ValueTask<InboxClaim> ClaimAsync(string subscription, Envelope message, CancellationToken cancellation) => new(InboxClaim.First);

    public ValueTask AppendAsync(IReadOnlyList<Envelope> messages, CancellationToken cancellation) =>
        UseAsync(() => _written.AddRange(messages.Select(message => $"{message.Id}")));

    public ValueTask ScheduleAsync(IReadOnlyList<ScheduledMessage> messages, CancellationToken cancellation) =>
        UseAsync(() => _written.AddRange(messages.Select(message => $"{message.Envelope.Id}")));

    public async ValueTask<bool> CancelScheduledAsync(string source, EventId id, CancellationToken cancellation)
    {
        await UseAsync(static () => { });
        return false;
    }

    public ValueTask CommitAsync(CancellationToken cancellation) => UseAsync(() => Committed = [.. _written]);

    void IStoreTransaction.Committed()
    {
    }

    public ValueTask DisposeAsync() => UseAsync(() => IsDisposed = true);

    private async ValueTask UseAsync(Action use)
    {
        Overlapped |= Interlocked.Increment(ref _users) > 1;
        if (Held is { } held)
            await held.Task;
        else
            await Task.Yield();
        use();
        Interlocked.Decrement(ref _users);
    }
}
