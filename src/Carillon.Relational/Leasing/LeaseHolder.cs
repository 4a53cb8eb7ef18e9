using System.Globalization;
using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>Who takes leases.</summary>
/// <param name="Subscription">The subscription's number.</param>
/// <param name="Instance">The receiver's name, different at every start.</param>
/// <param name="Process">The process that it lives in.</param>
internal sealed record LeaseHolder(long Subscription, string Instance, string Process)
{
    /// <summary>What the subscription reads.</summary>
    public Log Log { get; init; } = Log.Messages;

    /// <summary>What the instance can handle.</summary>
    public HandledMessages Handles { get; init; } = HandledMessages.Everything;

    /// <summary>How long what it does not handle waits for the return of an instance that does.</summary>
    public TimeSpan UnhandledGrace { get; init; }

    /// <summary>The program that it belongs to.</summary>
    public ApplicationIdentity Application { get; init; } = ApplicationIdentity.Unknown;

    /// <summary>What those who change leases of the subscription exclude each other from.</summary>
    public string LockName { get; } = LockOf(Subscription);

    /// <summary>The same for a subscription that nobody holds leases of.</summary>
    public static string LockOf(long subscription) => subscription.ToString(CultureInfo.InvariantCulture);
}
