namespace Carillon.KillTests;

/// <summary>
/// How often things happened. Exactly once: once (G2). At least once: as often as somebody, or the server, was killed after the effect and
/// before the next one, or as the handler of the message before had to publish again; everything else has no explanation.
/// </summary>
internal static class RepetitionCheck
{
    /// <summary>The effects that are one too many.</summary>
    public static Repetitions Find(History history, Promise promise)
    {
        var bySubject = history.Effects.GroupBy(effect => effect.Happening).Where(group => group.Skip(1).Any()).ToList();
        var handled = history.Effects.Where(effect => effect.Subscription == Subscriptions.Ledger)
            .GroupBy(effect => (effect.Key, effect.Version)).ToDictionary(group => group.Key, group => group.Count());
        var explained = new List<Effect>();
        var wrong = new List<Effect>();
        foreach (var group in bySubject)
        {
            var published = group.Key.Subscription == Subscriptions.Ledger ? 1 : handled.GetValueOrDefault((group.Key.Key, group.Key.Version));
            foreach (var (effect, isExplained) in Judge([.. group], published, history))
                (promise.Delivery == DeliveryGuarantee.AtLeastOnce && (isExplained || promise.MayRepeat) ? explained : wrong).Add(effect);
        }

        return new Repetitions(explained, wrong);
    }

    /// <summary>Judges every effect but the first.</summary>
    /// <param name="effects">The effects of the same thing, in their order.</param>
    /// <param name="published">How many messages may say the same thing.</param>
    /// <param name="history">Who was killed when.</param>
    private static IEnumerable<(Effect Effect, bool IsExplained)> Judge(Effect[] effects, int published, History history)
    {
        var last = new Dictionary<string, Effect>(StringComparer.Ordinal) { [effects[0].Message] = effects[0] };
        foreach (var effect in effects.Skip(1))
        {
            yield return (effect, last.TryGetValue(effect.Message, out var before)
                ? history.KilledAt(before.Process) <= effect.At || history.WasServerKilled(before.At, effect.At)
                : last.Count < published);
            last[effect.Message] = effect;
        }
    }
}
