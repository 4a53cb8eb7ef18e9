namespace Carillon.KillTests;

/// <summary>Nothing happens that nobody wanted: every effect goes back to a message that was to be published.</summary>
internal static class PhantomCheck
{
    /// <summary>What happened without a reason.</summary>
    public static IReadOnlyList<Happening> Find(History history)
    {
        var happened = history.Effects.Select(effect => effect.Happening).ToHashSet();
        return [.. happened.Where(effect => effect.Subscription == Subscriptions.Ledger
            ? !history.WasTried(effect.Key, effect.Version)
            : !happened.Contains(effect with { Subscription = Subscriptions.Ledger }))];
    }
}
