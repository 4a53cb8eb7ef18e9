using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Carillon.EntityFrameworkCore;

/// <summary>
/// The connections of stores that contexts have worked on. A provider prepares the connections that a context is configured with, such as
/// SQLite's with the functions that compare decimals, but not those that it is given later.
/// </summary>
internal static class PreparedConnections
{
    private static readonly ConditionalWeakTable<DbConnection, RelationalOptionsExtension> _prepared = [];

    /// <summary>Lets the provider prepare the connection, once. That of PostgreSQL prepares none, so the context that it takes is not made for nothing.</summary>
    public static void Prepare(DbConnection connection, RelationalOptionsExtension configured)
    {
        if (SessionSetting.IsPostgreSql(connection) || _prepared.TryGetValue(connection, out _))
            return;
        var options = new DbContextOptionsBuilder();
        ((IDbContextOptionsBuilderInfrastructure)options).AddOrUpdateExtension(configured.WithConnectionString(null).WithConnection(connection, owned: false));
        using (var context = new DbContext(options.Options))
            _ = context.Database.GetDbConnection();
        _prepared.AddOrUpdate(connection, configured);
    }
}
