namespace Carillon.KillTests;

/// <summary>The handlers that only the newer generation has where effects are written through a context.</summary>
internal sealed class NewerContextHandlers(Ledger ledger)
{
    [Handler]
    public Task On(WithdrawnInCurrency movement, BankContext bank, EventContext context) => ledger.BookAsync(movement, context);

    [Handler]
    public Task On(InterestPaid movement, BankContext bank, EventContext context) => ledger.BookAsync(movement, context);
}
