namespace Carillon.Durability;

/// <summary>How a store refuses to commit a transaction of its own that somebody else has ended.</summary>
public static class TransactionEnded
{
    /// <summary>The refusal.</summary>
    /// <param name="inner">What the driver said, if anything.</param>
    public static CarillonException Refuse(Exception? inner = null) => new(ErrorCodes.TransactionEnded, Reason, inner);

    /// <summary>Whether an error is such a refusal.</summary>
    /// <param name="error">What was thrown.</param>
    public static bool Says(Exception error) => error is CarillonException { Code: ErrorCodes.TransactionEnded };

    /// <summary>What to tell people, without the code.</summary>
    internal const string Reason =
        "The transaction of the unit of work was ended by code inside of it, with Commit, Rollback or Dispose, or with such a statement. What was written before is committed or gone, as that code has ended it; "
        + "nothing that was published in the unit of work was stored. Leave the transaction to the unit of work: throw, and nothing of it remains.";
}
