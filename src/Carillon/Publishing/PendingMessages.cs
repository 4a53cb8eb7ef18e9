using Carillon.Durability;

namespace Carillon.Publishing;

/// <summary>Messages that wait for a transaction which somebody else begins and ends.</summary>
/// <param name="service">The service whose messages these are.</param>
/// <param name="open">The units of work that have not ended.</param>
internal sealed class PendingMessages(string service, OpenUnitsOfWork open) : OutgoingMessages(service), IPendingMessages
{
    private volatile IUnitOfWork? _work;

    /// <inheritdoc/>
    public override IUnitOfWork? Work => _work;

    /// <inheritdoc/>
    public override ValueTask<bool> CancelScheduledAsync(string publisher, string source, EventId id, CancellationToken cancellation)
    {
        Check(publisher, type: null);
        RefuseClosed();
        return Withdraw(id) ? ValueTask.FromResult(true) : throw new CarillonException(ErrorCodes.InvalidUnitOfWork,
            $"{id} cannot be cancelled here: it does not wait in this unit of work, whose transaction is not Carillon's. Cancel it before or after, or in a unit of work that the bus began.");
    }

    /// <inheritdoc/>
    public async ValueTask<int> StoreAsync(IStoreTransaction transaction, int from, CancellationToken cancellation)
    {
        var messages = Read(from, out var stored);
        await StoreAsync(messages, transaction, cancellation);
        return stored;
    }

    /// <inheritdoc/>
    public async ValueTask<int> CommitAsync(IStoreTransaction transaction, int from, CancellationToken cancellation)
    {
        var (now, _) = await ScheduleAsync(Read(from, out var stored), transaction, cancellation);
        if (now.Count > 0)
            await transaction.CommitAsync(now, cancellation);
        else
            await transaction.CommitAsync(cancellation);
        return stored;
    }

    /// <inheritdoc/>
    public void Forget(int from, int count = int.MaxValue) => Remove(from, count);

    /// <inheritdoc/>
    public void Close() => TryClose();

    /// <inheritdoc/>
    public IDisposable Enter(IUnitOfWork? unitOfWork = null, string caller = "", int line = 0)
    {
        if (AmbientContext.UnitOfWork is not null)
        {
            throw new CarillonException(ErrorCodes.InvalidUnitOfWork,
                "There is a unit of work already, and it cannot hold another. Work in the one there is, or begin this one after it.");
        }

        _work = unitOfWork;
        Open();
        var before = AmbientHolder.Living(AmbientContext.Entered);
        return new Entry(this, before, open, unitOfWork is null ? null : open.Add(caller, line, before));
    }

    /// <inheritdoc/>
    protected override void Check(string publisher, string? type)
    {
        // A unit of work that has ended says so itself.
        _ = _work?.Transaction;
        base.Check(publisher, type);
    }

    private sealed class Entry : IDisposable
    {
        private readonly PendingMessages _messages;
        private readonly IAmbientScope? _before;
        private readonly OpenUnitsOfWork _open;
        private readonly OpenUnitOfWork? _begun;
        private readonly AmbientHolder _holder;

        public Entry(PendingMessages messages, IAmbientScope? before, OpenUnitsOfWork open, OpenUnitOfWork? begun)
        {
            (_messages, _before, _open, _begun) = (messages, before, open, begun);
            _holder = new AmbientHolder(before) { UnitOfWork = messages };
            AmbientContext.Enter(_holder);
        }

        public void Dispose()
        {
            if (_holder.UnitOfWork is null)
                return;
            // Code that was started meanwhile and outlives this still has the holder, or is about to add what it publishes.
            _messages.Close();
            _holder.UnitOfWork = null;
            _holder.HasEnded = true;
            _messages._work = null;
            if (_begun is not null)
                _open.Remove(_begun);

            // Code in which these are not ambient may be somewhere else.
            if (ReferenceEquals(AmbientContext.Entered, _holder))
                AmbientContext.Enter(_before);
        }
    }
}
