namespace Carillon.KillTests;

/// <summary>In each subscription, the first effects of a key follow the order in which the key's messages were published (G3).</summary>
internal static class OrderCheck
{
    /// <summary>What happened, for the first time, after something that was published later.</summary>
    public static IReadOnlyList<Happening> Find(History history)
    {
        var seen = new HashSet<Happening>();
        var highest = new Dictionary<(string Subscription, string Key), long>();
        var late = new List<Happening>();
        foreach (var effect in history.Effects.Where(effect => seen.Add(effect.Happening)))
        {
            var lane = (effect.Subscription, effect.Key);
            if (effect.Version < highest.GetValueOrDefault(lane))
                late.Add(effect.Happening);
            else
                highest[lane] = effect.Version;
        }

        return late;
    }
}
