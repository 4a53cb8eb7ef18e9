namespace Carillon.PostgreSql;

/// <summary>What of a transaction is Carillon's own, and so limited and ended by it.</summary>
internal enum TransactionOwnership
{
    /// <summary>Nothing: it was joined.</summary>
    None = 0,

    /// <summary>The transaction, on somebody else's connection.</summary>
    Transaction = 1,

    /// <summary>The transaction and its connection.</summary>
    Connection = 2,

    /// <summary>All that is done in it: nobody else's work goes on between two statements.</summary>
    Work = 3,
}
