using Carillon.Durability;

namespace Carillon.Publishing;

/// <summary>Messages that wait for a transaction which somebody else begins and ends.</summary>
internal sealed class PendingMessages(string service) : OutgoingMessages(service), IPendingMessages
{
    private IUnitOfWork? _work;

    /// <inheritdoc/>
    public override IUnitOfWork? Work => _work;

    /// <inheritdoc/>
    public override void Add(string publisher, in Envelope message)
    {
        // A unit of work that has ended says so itself.
        _ = _work?.Transaction;
        base.Add(publisher, message);
    }

    /// <inheritdoc/>
    public IDisposable Enter(IUnitOfWork? unitOfWork = null)
    {
        if (AmbientContext.UnitOfWork is not null)
        {
            throw new CarillonException(ErrorCodes.InvalidUnitOfWork,
                "There is a unit of work already, and it cannot hold another. Work in the one there is, or begin this one after it.");
        }

        _work = unitOfWork;
        return new Entry(this);
    }

    private sealed class Entry : IDisposable
    {
        private readonly PendingMessages _messages;
        private readonly AmbientHolder? _before = AmbientContext.Entered;
        private readonly AmbientHolder _holder;

        public Entry(PendingMessages messages)
        {
            _messages = messages;
            _holder = new AmbientHolder { Context = _before?.Context, UnitOfWork = messages };
            AmbientContext.Enter(_holder);
        }

        public void Dispose()
        {
            if (_holder.UnitOfWork is null)
                return;
            // Code that was started meanwhile and outlives this still has the holder.
            _holder.UnitOfWork = null;
            _messages._work = null;
            AmbientContext.Enter(_before);
        }
    }
}
