namespace Carillon.KillTests;

/// <summary>What a run is held to.</summary>
/// <param name="Delivery">How often effects happen.</param>
/// <param name="MayGiveUp">Whether handlers may fail for good.</param>
/// <param name="Books">Whether each message that is published has a row of its publisher's.</param>
/// <param name="MayRepeat">Whether at least once means more than once without a kill, because leases are shorter than what holds processes up.</param>
internal sealed record Promise(DeliveryGuarantee Delivery, bool MayGiveUp = false, bool Books = false, bool MayRepeat = false)
{
    /// <summary>What goes with the arguments.</summary>
    public static Promise Of(KillTestArguments arguments) => new(
        arguments.Mode,
        MayGiveUp: arguments.Disturbances.HasFlag(Disturbances.Pause),
        Books: arguments.UsesContexts,
        MayRepeat: (arguments.Disturbances & (Disturbances.Pause | Disturbances.Outage)) != 0);
}
