using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Carillon.EntityFrameworkCore;

/// <summary>The unit of work that code runs in which uses a context: what the context publishes and writes is part of it, or refused.</summary>
internal sealed class SurroundingWork(DbContext context, IUnitOfWork work, DbTransaction? transaction)
{
    /// <summary>Whether the context works in its transaction, which Carillon began and commits.</summary>
    public bool IsCarillons => work is not ContextUnitOfWork && transaction is not null && ReferenceEquals(FindTransaction(), transaction);

    /// <summary>Refuses a message that would be committed by another transaction.</summary>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.InvalidUnitOfWork"/>.</exception>
    public void RefusePublishing()
    {
        if (!ReferenceEquals(work.Transaction, transaction))
        {
            throw new CarillonException(ErrorCodes.InvalidUnitOfWork,
                $"{context.GetType().Name} publishes inside a unit of work that it is not part of, and their commits could not be one: take the context as a parameter of the handler, or publish with the bus.");
        }
    }

    /// <summary>
    /// Refuses rows that would be committed by another transaction on the same database, and again whenever the message is handled again. Where a
    /// database has one writer, they would wait for the very unit of work that waits for them.
    /// </summary>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.InvalidUnitOfWork"/>.</exception>
    public void RefuseWriting()
    {
        if (FindTransaction() is { } its && !ReferenceEquals(its, transaction) && SessionSetting.AreOneDatabase(context.Database.GetDbConnection(), work.Connection))
        {
            throw new CarillonException(ErrorCodes.InvalidUnitOfWork,
                $"{context.GetType().Name} writes inside a unit of work that it is not part of, and their commits could not be one: take the context as a parameter of the handler, which lets all that the services of the run do with it join, or begin the unit of work on it. "
                + "What is meant to stay outside belongs into a context that is made with options of its own, which do not say UseCarillon, and not by the services of the host.");
        }
    }

    /// <summary>Refuses to commit what the unit of work commits when the handler has returned, together with the rest.</summary>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.InvalidUnitOfWork"/>.</exception>
    public void RefuseCommitting()
    {
        if (IsCarillons)
        {
            throw new CarillonException(ErrorCodes.InvalidUnitOfWork,
                $"{context.GetType().Name} works in the transaction of a unit of work, which commits it with the messages when the handler has returned, or when its own CommitAsync is called: leave the commit to it.");
        }
    }

    /// <summary>
    /// Refuses a savepoint: what is published waits in the unit of work until its commit, and would go out although its rows went back.
    /// </summary>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.InvalidUnitOfWork"/>.</exception>
    public void RefuseSavepoint()
    {
        if (IsCarillons)
        {
            throw new CarillonException(ErrorCodes.InvalidUnitOfWork,
                $"{context.GetType().Name} sets a savepoint in the transaction of a unit of work, and messages that are published after it could not go back to it: look before you write, or let the handler fail and be tried again.");
        }
    }

    /// <summary>Its transaction; null when it has ended, and what comes now is no part of it any more.</summary>
    private DbTransaction? FindTransaction()
    {
        try
        {
            return work.Transaction;
        }
        catch (CarillonException)
        {
            return null;
        }
    }
}
