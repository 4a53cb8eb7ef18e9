using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Carillon.EntityFrameworkCore;

/// <summary>The connection that a context was configured with, to go back to.</summary>
internal sealed class ContextConnection
{
    private const string SqliteConnection = "Microsoft.Data.Sqlite.SqliteConnection";
    private readonly DbContext _context;
    private readonly RelationalOptionsExtension _configured;
    private readonly DbConnection _connection;
    private readonly bool _isOwned;

    public ContextConnection(DbContext context)
    {
        _context = context;
        _configured = RelationalOptionsExtension.Extract(context.GetService<IDbContextOptions>());
        var connection = context.Database.GetDbConnection();
        _isOwned = !ReferenceEquals(connection, _configured.Connection) || _configured.IsConnectionOwned;
        // A connection of its own is disposed as soon as the context gets another one. Those that cannot be cloned can be opened again.
        _connection = _isOwned && connection is ICloneable cloneable ? (DbConnection)cloneable.Clone() : connection;
    }

    /// <summary>Lets the context work on the connection of a unit of work.</summary>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.InvalidUnitOfWork"/>: the context is configured for another database.</exception>
    public void Replace(DbConnection work)
    {
        if (_connection.GetType() != work.GetType() || Database(_connection) != Database(work))
        {
            throw new CarillonException(ErrorCodes.InvalidUnitOfWork,
                $"{_context.GetType().Name} is configured for {_connection.GetType().Name} \"{Database(_connection)}\", but the unit of work of this handler is on {work.GetType().Name} \"{Database(work)}\": a handler that takes a DbContext needs it on the database of the service's store.");
        }

        PreparedConnections.Prepare(work, _configured);
        _context.Database.SetDbConnection(work, contextOwnsConnection: false);
    }

    /// <summary>Gives the context its own connection back.</summary>
    public void Restore() => _context.Database.SetDbConnection(_connection, _isOwned);

    /// <summary>What tells two databases of one kind apart. Servers go by many names, so only the database counts there.</summary>
    private static string Database(DbConnection connection) =>
        connection.GetType().FullName == SqliteConnection ? Path.GetFullPath(connection.DataSource) : connection.Database;
}
