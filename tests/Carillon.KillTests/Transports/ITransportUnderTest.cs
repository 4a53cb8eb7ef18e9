using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Carillon.KillTests;

/// <summary>What the harness must know of a transport: how to use it, and how to look at what is left in it.</summary>
internal interface ITransportUnderTest
{
    /// <summary>Whether messages wait in an outbox, which only processes of the service that published them empty.</summary>
    bool HasOutbox { get; }

    /// <summary>Puts a service on it.</summary>
    ICarillonBuilder Use(ICarillonBuilder carillon);

    /// <summary>Puts contexts on the database of the handlers.</summary>
    void Use(DbContextOptionsBuilder options);

    /// <summary>Makes the tables of effects and bookings, if they are not there. Effects have no unique constraint.</summary>
    Task CreateTablesAsync(IServiceProvider services);

    /// <summary>Opens a connection for a handler's own writes.</summary>
    ValueTask<DbConnection> OpenConnectionAsync(IServiceProvider services);

    /// <summary>The effects after a position, in the order in which they happened. What is returned next lies behind all of them.</summary>
    IReadOnlyList<Effect> ReadEffects(long after);

    /// <summary>The rows that publishers have committed with their messages.</summary>
    IReadOnlySet<(string Key, long Version)> ReadBookings();

    /// <summary>What is a dead letter.</summary>
    IReadOnlySet<Happening> ReadDeadLetters();

    /// <summary>How many messages some subscription has not finished: beyond its cursor, or set aside for later.</summary>
    int CountUnsettled();
}
