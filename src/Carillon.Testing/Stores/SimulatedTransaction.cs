using System.Data;
using System.Data.Common;
using Carillon.Testing.Stores;

namespace Carillon.Testing;

/// <summary>
/// A transaction of a simulated database: what handlers get as their <see cref="DbTransaction"/>. With a SQL engine
/// it runs commands like any other; without one, <see cref="OnCommit"/> says what it changes.
/// </summary>
public sealed class SimulatedTransaction : DbTransaction
{
    private readonly SimulatedDbConnection _connection;

    internal SimulatedTransaction(SimulatedDbConnection connection, StoreSession session) => (_connection, Session) = (connection, session);

    /// <inheritdoc/>
    public override IsolationLevel IsolationLevel => Session.Rows?.IsolationLevel ?? IsolationLevel.Serializable;

    internal StoreSession Session { get; }

    /// <summary>Whether it was ended here, by code that may not do that in a unit of work.</summary>
    internal bool IsEndedByItsUser { get; private set; }

    /// <inheritdoc/>
    protected override DbConnection? DbConnection => Session.IsOpen ? _connection : null;

    /// <summary>Something that happens when this commits, in the same step, and not otherwise.</summary>
    /// <exception cref="InvalidOperationException">The transaction has ended.</exception>
    public void OnCommit(Action effect)
    {
        ArgumentNullException.ThrowIfNull(effect);
        Session.OnCommit(effect);
    }

    /// <inheritdoc/>
    public override void Commit()
    {
        IsEndedByItsUser = true;
        Session.Commit();
    }

    /// <inheritdoc/>
    public override void Rollback()
    {
        IsEndedByItsUser = true;
        Session.Rollback();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && Session.IsOpen)
            Rollback();
        base.Dispose(disposing);
    }
}
