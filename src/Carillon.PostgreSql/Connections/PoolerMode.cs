namespace Carillon.PostgreSql;

/// <summary>What stands between a client and its server.</summary>
internal enum PoolerMode
{
    /// <summary>Nothing that the protocol notices: each connection is a session of the server.</summary>
    None = 0,

    /// <summary>A pooler that keeps a session of the server for as long as the client is connected.</summary>
    Session = 1,

    /// <summary>A pooler that gives each transaction another session of the server: what belongs to a session is lost or reaches somebody else.</summary>
    Transaction = 2,
}
