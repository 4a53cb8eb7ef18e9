using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>A database for one test, with what differs from one kind of database to the next.</summary>
public abstract class ShopDatabase : IAsyncDisposable
{
    /// <summary>Makes sure that it is there, where it has to be made before it can be used.</summary>
    public virtual Task CreateAsync() => Task.CompletedTask;

    /// <summary>Chooses the database for the service.</summary>
    public abstract void Use(ICarillonBuilder carillon);

    /// <summary>Chooses the database for contexts.</summary>
    public abstract void Use(DbContextOptionsBuilder options);

    /// <summary>Chooses the database for contexts, with further settings in the connection string.</summary>
    public abstract void Use(DbContextOptionsBuilder options, string settings);

    /// <summary>Chooses the database for contexts, in other words that mean the same.</summary>
    public abstract void UseOtherWords(DbContextOptionsBuilder options);

    /// <summary>Chooses a database for contexts that is not the service's.</summary>
    public abstract void UseAnother(DbContextOptionsBuilder options);

    /// <summary>Chooses the database for contexts, by a connection of the caller's.</summary>
    public abstract void Use(DbContextOptionsBuilder options, DbConnection connection);

    /// <summary>Chooses the database for contexts, with an execution strategy.</summary>
    public abstract void UseRetrying(DbContextOptionsBuilder options, Func<ExecutionStrategyDependencies, IExecutionStrategy> create);

    /// <summary>A statement that fails, and after which nothing of its transaction can be committed.</summary>
    public abstract string Failing { get; }

    /// <summary>The statements that let the store refuse messages while there is a row in <c>refusals</c>.</summary>
    public abstract string Refusing { get; }

    /// <summary>A setting of a connection string that changes nothing.</summary>
    public abstract string HarmlessSetting { get; }

    /// <summary>Opens a connection.</summary>
    public abstract Task<DbConnection> OpenAsync();

    public abstract ValueTask DisposeAsync();
}
