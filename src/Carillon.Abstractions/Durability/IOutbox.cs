using Carillon.Transports;

namespace Carillon.Durability;

/// <summary>
/// The outbox of a service whose transport is not its store: a log in the store, in the order of commits. Everything that the service
/// publishes is stored there first, with its units of work or by itself; the relay reads it as a subscription of its own and sends it on.
/// </summary>
/// <remarks>
/// What a service's relay has acknowledged is removed. The outbox takes every message: whether a command is handled anywhere is for the
/// transport to say.
/// </remarks>
public interface IOutbox : ITransport
{
    /// <summary>When the oldest message of a service was stored that its relay has not sent; null when all are sent.</summary>
    ValueTask<DateTimeOffset?> FindOldestUnsentAsync(string service, CancellationToken cancellation);
}
