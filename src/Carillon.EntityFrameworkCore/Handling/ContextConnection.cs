using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Carillon.EntityFrameworkCore;

/// <summary>The connection that a context was configured with, to go back to.</summary>
internal sealed class ContextConnection
{
    private const string SqliteConnection = "Microsoft.Data.Sqlite.SqliteConnection";
    private readonly DbConnection _connection;
    private readonly bool _isOwned;

    private ContextConnection(DbConnection connection, bool isOwned)
    {
        _connection = connection;
        _isOwned = isOwned;
    }

    public static ContextConnection Of(DbContext context)
    {
        var configured = RelationalOptionsExtension.Extract(context.GetService<IDbContextOptions>());
        var connection = context.Database.GetDbConnection();
        return new(connection, !ReferenceEquals(connection, configured.Connection) || configured.IsConnectionOwned);
    }

    /// <exception cref="CarillonException">With <see cref="ErrorCodes.InvalidUnitOfWork"/>: the context is configured for another database.</exception>
    public void RefuseOther(DbContext context, DbConnection work)
    {
        if (_connection.GetType() != work.GetType() || Database(_connection) != Database(work))
        {
            throw new CarillonException(ErrorCodes.InvalidUnitOfWork,
                $"{context.GetType().Name} is configured for {_connection.GetType().Name} \"{Database(_connection)}\", but the unit of work of this handler is on {work.GetType().Name} \"{Database(work)}\": a handler that takes a DbContext needs it on the database of the service's store.");
        }
    }

    public void Restore(DbContext context) => context.Database.SetDbConnection(_connection, _isOwned);

    /// <summary>What tells two databases of one kind apart. Servers go by many names, so only the database counts there.</summary>
    private static string Database(DbConnection connection) =>
        connection.GetType().FullName == SqliteConnection ? Path.GetFullPath(connection.DataSource) : connection.Database;
}
