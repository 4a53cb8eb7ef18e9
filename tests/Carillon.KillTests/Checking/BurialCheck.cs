namespace Carillon.KillTests;

/// <summary>
/// Nothing is a dead letter that should not be (G5): where handlers may fail for good, only what has not happened; elsewhere nothing at all.
/// </summary>
internal static class BurialCheck
{
    /// <summary>What was given up and should not have been.</summary>
    public static IReadOnlyList<Happening> Find(History history, Promise promise) => promise switch
    {
        { MayGiveUp: false } => [.. history.Buried],
        // At least once, a handler whose effect has happened may still fail, because it has more to do.
        { Delivery: DeliveryGuarantee.ExactlyOnce } => [.. history.BuriedAlive],
        _ => [],
    };
}
