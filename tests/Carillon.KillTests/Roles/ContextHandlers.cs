namespace Carillon.KillTests;

/// <summary>The handlers of every generation where effects are written through a context.</summary>
internal sealed class ContextHandlers(Ledger ledger)
{
    [Handler]
    public Task On(Deposited movement, BankContext bank, EventContext context) => ledger.BookAsync(movement, context);

    [Handler]
    public Task On(Withdrawn movement, BankContext bank, EventContext context) => ledger.BookAsync(movement, context);

    [Handler(Subscription = Subscriptions.AuditOnly)]
    public Task On(Booked booked, BankContext bank, EventContext context) => ledger.AuditAsync(booked, context);
}
