using System.Data.Common;

namespace Carillon.Durability;

/// <summary>
/// What a store needs of every connection that writes to its database, those of others included. An extra of stores whose database
/// keeps settings in each connection.
/// </summary>
public interface IConnectionSettings
{
    /// <summary>Makes an open connection safe, before a transaction begins on it. Does nothing to a connection to another database.</summary>
    void Apply(DbConnection connection);
}
