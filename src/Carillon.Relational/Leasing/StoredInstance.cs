using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>An instance of a subscription, as its row says.</summary>
/// <param name="Member">Its name and what it can handle.</param>
/// <param name="Application">The program that it belongs to.</param>
/// <param name="Expires">Until when it was heard of when it last wrote, in stored time. A living instance writes another one again and again.</param>
/// <param name="LeaseTime">How long it keeps its partitions without being heard of.</param>
internal sealed record StoredInstance(SubscriptionMember Member, ApplicationIdentity Application, long Expires, TimeSpan LeaseTime)
{
    /// <summary>Whether it takes no part any more, and keeps leases until their time is over.</summary>
    public bool IsDeparting { get; init; }

    /// <summary>When another one took note that it is gone, in stored time; 0 when it has said so itself; null while it counts as alive.</summary>
    public long? Gone { get; init; }

    /// <summary>Its name, different at every start.</summary>
    public string Name => Member.Instance;

    /// <summary>Whether it takes part.</summary>
    public bool TakesPart => Gone is null && !IsDeparting;
}
