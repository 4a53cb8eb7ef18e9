using Microsoft.Extensions.Logging;

namespace Carillon.Hosting;

/// <summary>
/// The dead letters of a store. When a replay is stored, the subscriptions of this process know of it before its caller does: what they have not begun
/// with waits for it.
/// </summary>
internal sealed class HostedDeadLetters(IDeadLetters letters, Func<IEnumerable<CarillonService>> services, ILogger logger) : IDeadLetters
{
    public ValueTask<IReadOnlyList<DeadLetter>> ListAsync(DeadLetterQuery query, CancellationToken cancellation = default) => letters.ListAsync(query, cancellation);

    public ValueTask<long> CountAsync(DeadLetterQuery query, CancellationToken cancellation = default) => letters.CountAsync(query, cancellation);

    public ValueTask<DeadLetter?> FindAsync(long id, CancellationToken cancellation = default) => letters.FindAsync(id, cancellation);

    public async ValueTask DiscardAsync(long id, CancellationToken cancellation = default)
    {
        var letter = await letters.FindAsync(id, cancellation);
        await letters.DiscardAsync(id, cancellation);
        if (letter is { Envelope: var envelope })
            HostingLog.Discarded(logger, id, letter.Subscription, envelope.Id, envelope.Type, envelope.Key);
    }

    public async ValueTask ReplayAsync(long id, CancellationToken cancellation = default)
    {
        var letter = await letters.FindAsync(id, cancellation);
        await letters.ReplayAsync(id, cancellation);
        if (letter is { Envelope: var envelope })
            HostingLog.Replayed(logger, id, letter.Subscription, envelope.Id, envelope.Type, envelope.Key);
        foreach (var service in services())
            await service.LearnAsync(cancellation);
    }
}
