namespace Carillon.PostgreSql;

/// <summary>What of a transaction is the store's own, and so ended by it.</summary>
internal enum TransactionOwnership
{
    /// <summary>Nothing: it was joined.</summary>
    None = 0,

    /// <summary>The transaction, on somebody else's connection.</summary>
    Transaction = 1,

    /// <summary>The transaction and its connection.</summary>
    Connection = 2,
}
