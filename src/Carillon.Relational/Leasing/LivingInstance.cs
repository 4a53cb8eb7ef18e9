using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>A running instance of a subscription.</summary>
/// <param name="Member">Its name and what it can handle.</param>
/// <param name="Application">The program that it belongs to.</param>
internal sealed record LivingInstance(SubscriptionMember Member, ApplicationIdentity Application);
