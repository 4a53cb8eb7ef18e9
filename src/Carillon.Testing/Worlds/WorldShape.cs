namespace Carillon.Testing;

/// <summary>Which servers a simulated world has.</summary>
public enum WorldShape
{
    /// <summary>One database is the transport and the store of all services.</summary>
    OneDatabase = 0,

    /// <summary>Each service has a database with an outbox of its own, and a broker is between them.</summary>
    BrokerAndOutboxes = 1,
}
