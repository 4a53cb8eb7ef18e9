using System.Data.Common;
using Carillon.Durability;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Carillon.EntityFrameworkCore;

/// <summary>
/// The messages that are published in one context and wait for its next commit. The place to start: messages are published here, the
/// interceptors tell what the context does, and <see cref="StoredMessages"/> keeps what belongs to which transaction.
/// </summary>
internal sealed class ContextOutbox(ICurrentDbContext current, IDbContextOptions options, IDbContextTransactionManager transactions) : IResettableService, IDisposable
{
    private const int MostKeptSavepoints = 8;
    private readonly ContextSave _save = new(current);
    private IPublisherOptions? _options;
    private StoredMessages? _messages;
    private JoinedTransaction? _joined;
    private bool? _isCommitIntercepted;
    private int _keptSavepoints;

    /// <summary>The unit of work that the calling code runs in, or null.</summary>
    public IUnitOfWork? CurrentWork => Publisher.Messages.Current;

    /// <summary>Whether the context works in the transaction of a unit of work that Carillon commits.</summary>
    public bool IsJoined => FindWork() is { IsCarillons: true };

    private DbContext Context => current.Context;

    private JoinedTransaction? CurrentTransaction => JoinedTransactions.Find(transactions.CurrentTransaction?.GetDbTransaction(), transactions);

    // Asked for its extensions, Entity Framework Core puts them in order each time.
    private IPublisherOptions Options => _options ??= options.Extensions.OfType<IPublisherOptions>().Single();

    private PublishingService Publisher => Options.Publisher;

    private StoredMessages Messages => _messages ??= new StoredMessages(Publisher, transactions);

    private bool HasMessages => _messages is { Count: > 0 };

    /// <summary>Whether a commit may be Carillon's, together with the last messages. Where a thread waits for it, each statement goes by itself anyway.</summary>
    private bool MayCommit => HasMessages && !BlockingCall.IsCurrent && !(_isCommitIntercepted ??= OtherInterceptors.HaveSayInCommits(Context));

    /// <summary>The outbox of a context.</summary>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.InvalidUnitOfWork"/>: its options do not say <c>UseCarillon</c>.</exception>
    public static ContextOutbox Of(DbContext context) =>
        Find(context) ?? throw new CarillonException(
            ErrorCodes.InvalidUnitOfWork,
            $"{context.GetType().Name} cannot publish, because its options do not say so: add .UseCarillon(provider) after the database provider, as in AddDbContext<{context.GetType().Name}>((provider, options) => options.UseSqlite(…).UseCarillon(provider)).");

    /// <summary>The outbox of a context; null where its options do not say <c>UseCarillon</c>.</summary>
    public static ContextOutbox? Find(DbContext context) => ((IInfrastructure<IServiceProvider>)context).Instance.GetService(typeof(ContextOutbox)) as ContextOutbox;

    /// <summary>The store of the service, or null while there is no service that could have one.</summary>
    public IUnitOfWorkStore? FindStore() => Options.Store;

    /// <summary>The unit of work that the calling code runs in; null also while there is no service that could have one.</summary>
    public SurroundingWork? FindWork() =>
        FindStore() is not null && Publisher.Messages.Current is { } work ? new SurroundingWork(Context, work, CurrentTransaction?.Transaction) : null;

    /// <summary>Publishes through the bus, so that the message waits here.</summary>
    public void Publish(Func<IEventBus, ValueTask> publish)
    {
        var publisher = Publisher;
        if (FindWork() is { } work)
        {
            work.RefusePublishing();
            BlockingCall.Run(() => publish(publisher.Bus));
            return;
        }

        _save.RefuseTransactionScope();
        _save.RefuseUnlessInTransaction();
        Messages.Follow(CurrentTransaction);
        using (Messages.Enter(null))
            BlockingCall.Run(() => publish(publisher.Bus));
    }

    /// <summary>Lets what the calling code publishes wait here, until what is returned is disposed.</summary>
    public IDisposable Enter(IUnitOfWork work, string caller, int line)
    {
        _save.RefuseTransactionScope();
        if (Context.Database.CurrentTransaction is not null)
        {
            throw new CarillonException(ErrorCodes.InvalidUnitOfWork,
                $"{Context.GetType().Name} has a transaction already: publish in it with Publish, or begin the unit of work instead of the transaction.");
        }

        Messages.Follow(null);
        return Messages.Enter(work, caller, line);
    }

    /// <summary>The context is about to write, or to begin a transaction.</summary>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.InvalidUnitOfWork"/>: the calling code runs in a unit of work that it would not be part of.</exception>
    public void Writing() => FindWork()?.RefuseWriting();

    /// <summary>The context is about to save, if nothing stops it.</summary>
    public void Saving()
    {
        _save.Announce();
        _messages?.Follow(CurrentTransaction);
    }

    /// <summary>The context writes what it saves, until what is returned is disposed: it must be in one transaction with the messages.</summary>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.InvalidUnitOfWork"/>: it must not be committed there.</exception>
    public IDisposable Save()
    {
        Writing();
        _messages?.Follow(CurrentTransaction);
        if (HasMessages)
            _save.DemandTransaction();
        _save.Begin();
        return _save;
    }

    /// <summary>The context has saved so many rows, or an interceptor says so that has suppressed it.</summary>
    public async ValueTask SavedAsync(int rows, CancellationToken cancellation)
    {
        if (!HasMessages || _save.WasSuppressed)
            return;
        if (CurrentTransaction is not { } transaction)
            await _save.CommitAloneAsync(cancellation);
        else if (transaction.IsShared)
            await transaction.StoreSavedAsync(_messages!, cancellation);
        else
            SavedInTransaction(rows);
    }

    /// <summary>The context has begun a transaction.</summary>
    public async ValueTask BeganAsync(DbTransaction transaction)
    {
        _joined?.Leave(transactions);
        _joined = await JoinedTransactions.BeginAsync(transaction, transactions);
        _messages?.Begin(_joined);
    }

    /// <summary>The context takes part in a transaction that somebody else began, and whose commit it may never see.</summary>
    public async ValueTask UsesAsync(DbTransaction transaction)
    {
        _joined?.Leave(transactions);
        _joined = await JoinedTransactions.ShareAsync(transaction, transactions);
        _keptSavepoints = 0;
        _messages?.Begin(_joined);
    }

    /// <summary>A transaction is about to commit.</summary>
    /// <returns>Whether it has committed meanwhile, with the messages.</returns>
    public async ValueTask<bool> CommittingAsync(DbTransaction transaction, CancellationToken cancellation)
    {
        FindWork()?.RefuseCommitting();
        _messages?.Follow(JoinedTransactions.Find(transaction, transactions));
        if (MayCommit && await JoinedTransactions.TryCommitAsync(transaction, cancellation))
            return true;
        await JoinedTransactions.CommittingAsync(transaction, cancellation);
        return false;
    }

    /// <summary>Stores the messages of a unit of work ahead of its commit. None joins it any more.</summary>
    public async ValueTask StoreLastAsync(CancellationToken cancellation)
    {
        _messages?.Close();
        // What may go with the commit is left to it.
        if (HasMessages && !MayCommit)
            await _messages!.StoreAsync(cancellation);
    }

    /// <summary>
    /// A savepoint is about to be set: what was published before it is stored now, so that the database itself knows which messages
    /// vanish with which savepoint. Those that Entity Framework Core sets while it saves are none of the user's.
    /// </summary>
    public ValueTask SettingSavepointAsync(DbTransaction transaction, CancellationToken cancellation)
    {
        if (_save.IsRunning)
            return ValueTask.CompletedTask;
        FindWork()?.RefuseSavepoint();
        return JoinedTransactions.StoreAsync(transaction, cancellation);
    }

    /// <summary>
    /// Whether a savepoint need not be released that Entity Framework Core has set while it saved: the commit of a unit of work releases all, and on a server the way
    /// there and back takes longer than the save. Many that are left would cost the server more.
    /// </summary>
    public bool KeepsSavepoint() =>
        _save.IsRunning && _keptSavepoints < MostKeptSavepoints && IsJoined && SessionSetting.IsPostgreSql(Context.Database.GetDbConnection()) && ++_keptSavepoints > 0;

    /// <summary>The transaction went back to a savepoint: what was published since the last one was set is forgotten.</summary>
    public void RolledBackToSavepoint(DbTransaction transaction)
    {
        if (!_save.IsRunning)
            JoinedTransactions.ForgetUnstored(transaction);
    }

    /// <summary>The context goes back to its pool: its next user must find nothing of this one.</summary>
    public void ResetState()
    {
        _messages?.Reset();
        _joined?.Leave(transactions);
        _joined = null;
    }

    public Task ResetStateAsync(CancellationToken cancellationToken = default)
    {
        ResetState();
        return Task.CompletedTask;
    }

    /// <summary>The context is gone, and what still waits with it.</summary>
    public void Dispose() => ResetState();

    private void SavedInTransaction(int rows)
    {
        _messages!.Saved();
        if (rows > 0 && _messages.HasEarlier && !Context.ChangeTracker.HasChanges())
            _messages.BindAll();
    }
}
