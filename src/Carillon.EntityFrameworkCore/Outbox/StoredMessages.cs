using System.Data.Common;
using Carillon.Durability;
using Microsoft.EntityFrameworkCore;

namespace Carillon.EntityFrameworkCore;

/// <summary>
/// The waiting messages of a context, in the order in which they were published, and how they stand to its transaction: the first ones
/// were published before it began and outlive its failure, and the first ones, or all, are stored with it already.
/// </summary>
internal sealed class StoredMessages(PublishingService publisher)
{
    private readonly IPendingMessages _pending = publisher.Messages.Create();
    private DbTransaction? _transaction;
    private IStoreTransaction? _joined;
    private int _earlier;
    private int _stored;
    private bool _isBroken;

    public int Count => _pending.Count;

    /// <summary>Whether some were published before the transaction began and would outlive it.</summary>
    public bool HasEarlier => _earlier > 0;

    public IDisposable Enter(IUnitOfWork? work) => _pending.Enter(work);

    /// <summary>Takes no messages any more, so that the last ones can be stored.</summary>
    public void Close() => _pending.Close();

    /// <summary>
    /// Notices which transaction the context has now. One that is gone without a commit takes its messages along; of one that somebody else ended,
    /// nobody knows how, only those that are stored in it.
    /// </summary>
    public void Follow(DbTransaction? transaction)
    {
        if (ReferenceEquals(transaction, _transaction))
            return;
        if (_transaction is not null && JoinedTransactions.MayHaveCommitted(_transaction))
            Committed();
        else if (_transaction is not null)
            RolledBack();
        _transaction = transaction;
        _earlier = transaction is null ? 0 : Count;
        if (transaction is not null)
            JoinedTransactions.Enter(transaction, this);
    }

    /// <summary>The context has another transaction now, even if the object is that of the one before: drivers use them again.</summary>
    public void Begin(DbTransaction transaction)
    {
        Follow(null);
        Follow(transaction);
    }

    /// <summary>All share the fate of the transaction from now on: the rows that they belong to are taken for saved.</summary>
    public void BindAll() => _earlier = 0;

    /// <summary>Stores those that are not stored yet.</summary>
    /// <returns>Whether there were any.</returns>
    public async ValueTask<bool> StoreAsync(CancellationToken cancellation)
    {
        if (_stored == Count)
            return false;
        if (_isBroken)
        {
            throw new CarillonException(ErrorCodes.InvalidUnitOfWork,
                "The messages of this transaction could not be stored before, and some of them may have been: roll it back.");
        }

        _isBroken = true;
        try
        {
            _joined ??= await JoinedTransactions.JoinAsync(publisher.Store, _transaction!, cancellation);
            _stored = await _pending.StoreAsync(_joined, _stored, cancellation);
        }
        catch (CarillonException exception) when (DatabaseError(exception) is { } error)
        {
            // Execution strategies look for the database's own exception in this one.
            throw new DbUpdateException($"The messages could not be stored. {exception.Message}", error);
        }

        _isBroken = false;
        return true;
    }

    /// <summary>Stores all in a transaction whose end nobody will tell of: they are its own from now on.</summary>
    public async ValueTask StoreForGoodAsync(CancellationToken cancellation)
    {
        await StoreAsync(cancellation);
        BindAll();
    }

    public void ForgetUnstored()
    {
        _pending.Forget(_stored);
        _earlier = Math.Min(_earlier, Count);
    }

    /// <summary>The transaction has committed. What was published after its messages were stored waits for the next one.</summary>
    public void Committed()
    {
        _pending.Forget(0, _stored);
        Leave();
    }

    /// <summary>The transaction was rolled back, and takes what was published in it along.</summary>
    public void RolledBack() => End(_earlier);

    public void Reset() => End(0);

    private static DbException? DatabaseError(Exception? exception)
    {
        while (exception is not (null or DbException))
            exception = exception.InnerException;
        return exception as DbException;
    }

    private void End(int kept)
    {
        _pending.Forget(kept);
        Leave();
    }

    private void Leave()
    {
        if (_transaction is not null)
            JoinedTransactions.Leave(_transaction, this);
        (_transaction, _joined, _earlier, _stored, _isBroken) = (null, null, 0, 0, false);
    }
}
