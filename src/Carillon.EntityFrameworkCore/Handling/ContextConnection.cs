using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Carillon.EntityFrameworkCore;

/// <summary>The connection that a context was configured with, to go back to.</summary>
internal sealed class ContextConnection
{
    private readonly DbContext _context;
    private readonly RelationalOptionsExtension _configured;
    private readonly DbConnection _connection;

    public ContextConnection(DbContext context)
    {
        _context = context;
        _configured = RelationalOptionsExtension.Extract(context.GetService<IDbContextOptions>());
        var connection = context.Database.GetDbConnection();
        // It is disposed as soon as the context gets another one. Those that cannot be cloned can be opened again.
        _connection = connection is ICloneable cloneable ? (DbConnection)cloneable.Clone() : connection;
    }

    /// <summary>Lets the context work on the connection of a unit of work.</summary>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.InvalidUnitOfWork"/>: the context would not do there what it does on its own.</exception>
    public void Replace(DbConnection work)
    {
        ContextSession.Demand(_context, _configured, work);
        PreparedConnections.Prepare(work, _configured);
        _context.Database.SetDbConnection(work, contextOwnsConnection: false);
    }

    /// <summary>Gives the context its own connection back.</summary>
    public void Restore() => _context.Database.SetDbConnection(_connection, contextOwnsConnection: true);
}
