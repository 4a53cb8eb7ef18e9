using System.Data.Common;
using Carillon.Durability;
using Carillon.InMemory;
using Carillon.Scheduling;

namespace Carillon.Tests.Durability;

/// <summary>A transaction of an <see cref="InMemoryStore"/>: nothing of it is there before its commit.</summary>
internal sealed class InMemoryStoreTransaction(InMemoryStore store, TestConnection connection) : IStoreTransaction
{
    private readonly List<(string Subscription, Envelope Message)> _claimed = [];
    private readonly List<Envelope> _appended = [];
    private readonly List<ScheduledMessage> _scheduled = [];
    private readonly List<(string Source, EventId Id)> _cancelled = [];

    public DbTransaction Transaction { get; } = new TestTransaction(connection);

    public ValueTask<InboxClaim> ClaimAsync(string subscription, Envelope message, CancellationToken cancellation)
    {
        store.Step("claim");
        var (source, id) = (message.Source, message.Id);
        var isOwn = _claimed.Exists(claimed => claimed.Subscription == subscription && claimed.Message.Source == source && claimed.Message.Id == id);
        var claim = isOwn ? InboxClaim.Duplicate : store.Look(subscription, message);
        if (claim == InboxClaim.First)
            _claimed.Add((subscription, message));
        return new ValueTask<InboxClaim>(claim);
    }

    public ValueTask AppendAsync(IReadOnlyList<Envelope> messages, CancellationToken cancellation)
    {
        store.Step($"append {messages.Count}");
        _appended.AddRange(messages);
        return ValueTask.CompletedTask;
    }

    public ValueTask ScheduleAsync(IReadOnlyList<ScheduledMessage> messages, CancellationToken cancellation)
    {
        store.Step($"schedule {messages.Count}");
        _scheduled.AddRange(messages);
        return ValueTask.CompletedTask;
    }

    public async ValueTask<bool> CancelScheduledAsync(string source, EventId id, CancellationToken cancellation)
    {
        store.Step("cancel");
        _cancelled.Add((source, id));
        return store.Scheduled.Contains(id);
    }

    public async ValueTask CommitAsync(CancellationToken cancellation)
    {
        store.Step("commit");
        foreach (var (subscription, message) in _claimed)
            store.Mark(subscription, message);
        // They were taken off before what waited for the commit was scheduled.
        foreach (var (source, id) in _cancelled)
            await store.CancelAsync(source, id, cancellation);
        await store.AddAsync(_scheduled, cancellation);
        await using var transport = new InMemoryTransport(store.Broker, new InMemoryOptions(), TimeProvider.System);
        await using var sender = await transport.OpenSenderAsync(cancellation);
        Assert.Empty(await sender.SendAsync(_appended.ToArray(), cancellation) ?? []);
    }

    public void Committed() => throw new NotSupportedException();

    public ValueTask DisposeAsync()
    {
        store.Step("dispose");
        return ValueTask.CompletedTask;
    }
}
