using System.Transactions;

namespace Carillon.Publishing;

/// <summary>
/// The TransactionScope that the calling code runs in. No store takes part in one: what is published there would stay when it is rolled back.
/// </summary>
internal static class SurroundingScope
{
    /// <summary>Whether there is one.</summary>
    public static bool Exists => Transaction.Current is not null;

    /// <summary>Says that it could not take something back.</summary>
    /// <param name="what">What is done, as the beginning of a sentence.</param>
    public static CarillonException Refusal(string what) => new(ErrorCodes.InvalidUnitOfWork,
        $"{what} inside a TransactionScope, whose rollback could not take it back: use BeginAsync instead of the scope, do it after the scope, or suppress the scope around it (TransactionScopeOption.Suppress). An event that is to go out in any case is published with PublishOutsideAsync.");
}
