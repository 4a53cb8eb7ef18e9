using System.Data.Common;
using Carillon;

namespace OrderFlow.Storage;

/// <summary>The database that holds the shop's own tables and carries its events: what differs from one to another.</summary>
internal interface IShopStorage
{
    /// <summary>What people call it.</summary>
    string Name { get; }

    /// <summary>How a column of running numbers is declared.</summary>
    string RunningNumber { get; }

    /// <summary>The statement by which processes that create tables at the same time take turns, or null.</summary>
    string? TakeTurns { get; }

    /// <summary>Puts a service on it.</summary>
    ICarillonBuilder Use(ICarillonBuilder carillon);

    /// <summary>Opens a connection to the same database.</summary>
    ValueTask<DbConnection> OpenAsync(IServiceProvider services, CancellationToken cancellation);
}
