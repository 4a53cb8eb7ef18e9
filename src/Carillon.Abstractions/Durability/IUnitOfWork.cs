using System.Data.Common;

namespace Carillon;

/// <summary>
/// A transaction and everything that is published while it is the ambient one: the user's rows and the messages are stored together, or
/// not at all (G2). It is ambient from <see cref="IEventBus.BeginAsync"/> until it is disposed, in the code that began it and in what
/// that code calls. An async method that begins one and returns leaves its caller outside: there <see cref="Connection"/>, <see cref="Transaction"/> and
/// <see cref="CommitAsync"/> throw <see cref="CarillonException"/> with <see cref="ErrorCodes.UnitOfWorkNotJoined"/>.
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>Begin it, and do the work with commands of its <see cref="Transaction"/>.</item>
/// <item>Publish: the messages wait in the unit of work.</item>
/// <item>Commit: messages and rows are stored in one transaction, and the messages are on their way.</item>
/// <item>Dispose: what was not committed is rolled back, and its messages never existed.</item>
/// </list>
/// Any number of threads may publish into it at once, and take scheduled messages back: a message whose call has returned is in the commit, and a
/// call that comes after the commit has begun is refused with <see cref="ErrorCodes.InvalidUnitOfWork"/>. The connection and the transaction are
/// for one thread at a time, as with every database.
/// </remarks>
public interface IUnitOfWork : IAsyncDisposable
{
    /// <summary>The connection that the transaction runs on.</summary>
    DbConnection Connection { get; }

    /// <summary>The transaction. Committing or rolling it back is the unit of work's business.</summary>
    DbTransaction Transaction { get; }

    /// <summary>Stores rows and messages together. May be called once, and never by a handler whose run it belongs to.</summary>
    /// <exception cref="CarillonException">
    /// With <see cref="ErrorCodes.InvalidUnitOfWork"/>: it has ended, or it is that of a handler's run, which is committed when the handler has returned.
    /// </exception>
    /// <exception cref="PublishFailedException">
    /// The messages could not be stored; nothing was, unless <see cref="PublishFailedException.IsOutcomeUnknown"/> says that this is not certain.
    /// </exception>
    ValueTask CommitAsync(CancellationToken cancellation = default);
}
