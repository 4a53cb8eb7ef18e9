namespace Carillon.KillTests;

/// <summary>
/// A row and the message that was published with it share their fate: once all is drained, what has one of the two has the other.
/// </summary>
internal static class BookingCheck
{
    /// <summary>What is there as a row or as a message alone.</summary>
    public static IReadOnlyList<Happening> Find(History history)
    {
        var told = history.Effects.Select(effect => effect.Happening).Concat(history.DeadLetters).Where(one => one.Subscription == Subscriptions.Ledger).ToHashSet();
        told.SymmetricExceptWith(history.Bookings.Select(row => new Happening(Subscriptions.Ledger, row.Key, row.Version)));
        return [.. told];
    }
}
