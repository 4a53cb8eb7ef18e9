namespace Carillon.KillTests;

/// <summary>The subscriptions of the handler processes.</summary>
internal static class Subscriptions
{
    /// <summary>The service that publishes.</summary>
    public const string Bank = "bank";

    /// <summary>The service, and its subscription that handles movements and publishes <see cref="Booked"/>.</summary>
    public const string Ledger = "ledger";

    /// <summary>The own name of the subscription that handles <see cref="Booked"/>.</summary>
    public const string AuditOnly = "audit";

    /// <summary>Its full name.</summary>
    public const string Audit = $"{Ledger}.{AuditOnly}";

    /// <summary>Which topics a subscription is on.</summary>
    public static readonly IReadOnlyList<(string Subscription, string Topic)> Topics =
    [
        (Ledger, "kill.deposited"),
        (Ledger, "kill.withdrawn"),
        (Ledger, "kill.interest-paid"),
        (Audit, "kill.booked"),
    ];
}
