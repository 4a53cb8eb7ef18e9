using System.Data.Common;
using System.Runtime.ExceptionServices;
using Carillon.Durability;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Carillon.EntityFrameworkCore;

/// <summary>
/// The waiting messages of a context, in the order in which they were published, and how they stand to its transaction: the first ones
/// were published before it began and outlive its failure, and the first ones, or all, are stored with it already.
/// </summary>
internal sealed class StoredMessages(PublishingService publisher, IDbContextTransactionManager context)
{
    private readonly IPendingMessages _pending = publisher.Messages.Create();
    private JoinedTransaction? _transaction;
    private IStoreTransaction? _joined;
    private int _earlier;
    private int _saved;
    private int _stored;
    private bool _isBroken;

    public int Count => _pending.Count;

    /// <summary>Whether some were published before the transaction began and would outlive it.</summary>
    public bool HasEarlier => _earlier > 0;

    /// <summary>Whether some were saved with their rows in the transaction and are not stored yet.</summary>
    public bool HasSaved => _saved > _stored;

    /// <summary>Whether the commit of the transaction is theirs: the context works in it, or has saved in it.</summary>
    public bool IsBound => HasSaved || IsIn;

    private bool IsIn => _transaction is { } transaction && transaction.IsOf(context);

    public IDisposable Enter(IUnitOfWork? work, string caller = "", int line = 0) => _pending.Enter(work, caller, line);

    /// <summary>Takes no messages any more, so that the last ones can be stored.</summary>
    public void Close() => _pending.Close();

    /// <summary>
    /// Notices which transaction the context has now. One of a context that is gone without a commit takes its messages along; of one that somebody else
    /// ended, nobody knows how, or that goes on without this context, only those that are stored in it.
    /// </summary>
    public void Follow(JoinedTransaction? transaction)
    {
        if (ReferenceEquals(transaction, _transaction))
            return;
        if (_transaction is { IsLost: true })
            RolledBack();
        else if (_transaction is not null)
            Committed();
        _transaction = transaction;
        _earlier = transaction is null ? 0 : Count;
        transaction?.Messages.Add(this);
    }

    /// <summary>The context has another transaction now, even if the object is that of the one before: drivers use them again.</summary>
    public void Begin(JoinedTransaction transaction)
    {
        Follow(null);
        Follow(transaction);
    }

    /// <summary>All share the fate of the transaction from now on: the rows that they belong to are taken for saved.</summary>
    public void BindAll() => _earlier = 0;

    /// <summary>The context has saved the rows that it has.</summary>
    public void Saved() => _saved = Count;

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

    /// <summary>Stores all of them and commits the transaction with the last one, where the store can do that and none is stored yet.</summary>
    /// <returns>Whether it has committed.</returns>
    /// <exception cref="DbUpdateException">Nothing is committed.</exception>
    /// <exception cref="DbException">Nobody knows whether it is committed.</exception>
    public async ValueTask<bool> TryCommitAsync(CancellationToken cancellation)
    {
        if (Count == 0 || _joined is not null || _isBroken)
            return false;
        _joined = await JoinedTransactions.JoinAsync(publisher.Store, _transaction!, cancellation);
        if (!_joined.CommitsForOthers)
            return false;
        _isBroken = true;
        try
        {
            _stored = await _pending.CommitAsync(_joined, 0, cancellation);
        }
        catch (CarillonException exception) when (DatabaseError(exception) is { } error)
        {
            // As a commit says it that is sent by itself.
            if (exception is PublishFailedException { IsOutcomeUnknown: true })
                ExceptionDispatchInfo.Throw(error);
            throw new DbUpdateException($"Nothing of the transaction is committed, because its messages could not be stored, or the database refused the commit. {exception.Message}", error);
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
        (_earlier, _saved) = (Math.Min(_earlier, Count), Math.Min(_saved, Count));
    }

    /// <summary>The transaction has committed. What was published after its messages were stored waits for the next one.</summary>
    public void Committed()
    {
        _pending.Forget(0, _stored);
        Leave();
    }

    /// <summary>
    /// The transaction was rolled back, and takes what was published in it along. One that is nobody's takes only what is stored in it, where the context
    /// has left it before.
    /// </summary>
    public void RolledBack()
    {
        if (IsIn || _transaction is not { IsForeign: true })
            End(_earlier);
        else
            End(_earlier, Math.Max(0, _stored - _earlier));
    }

    public void Reset() => End(0);

    private static DbException? DatabaseError(Exception? exception)
    {
        while (exception is not (null or DbException))
            exception = exception.InnerException;
        return exception as DbException;
    }

    private void End(int kept, int forgotten = int.MaxValue)
    {
        _pending.Forget(kept, forgotten);
        Leave();
    }

    private void Leave()
    {
        _transaction?.Messages.Remove(this);
        (_transaction, _joined, _earlier, _saved, _stored, _isBroken) = (null, null, 0, 0, 0, false);
    }
}
