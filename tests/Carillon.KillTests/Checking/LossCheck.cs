namespace Carillon.KillTests;

/// <summary>
/// Nothing is lost (G1): once all is drained, what was acknowledged has its effect in every subscription, or is a dead letter there; and what
/// a handler published with its effect has its own.
/// </summary>
internal static class LossCheck
{
    /// <summary>What must have happened and has not.</summary>
    public static IReadOnlyList<Happening> Find(History history)
    {
        var happened = history.Effects.Select(effect => effect.Happening).ToHashSet();
        var due = history.Acknowledged.Select(message => new Happening(Subscriptions.Ledger, message.Key, message.Version))
            .Concat(happened.Where(effect => effect.Subscription == Subscriptions.Ledger).Select(effect => effect with { Subscription = Subscriptions.Audit }));
        return [.. due.Where(effect => !happened.Contains(effect) && !history.DeadLetters.Contains(effect))];
    }
}
