namespace Carillon.Hosting;

/// <summary>
/// The dead letters of a store. When a replay is stored, the subscriptions of this process know of it before its caller does: what they have not begun
/// with waits for it.
/// </summary>
internal sealed class HostedDeadLetters(IDeadLetters letters, Func<IEnumerable<CarillonService>> services) : IDeadLetters
{
    public ValueTask<IReadOnlyList<DeadLetter>> ListAsync(DeadLetterQuery query, CancellationToken cancellation = default) => letters.ListAsync(query, cancellation);

    public ValueTask<long> CountAsync(DeadLetterQuery query, CancellationToken cancellation = default) => letters.CountAsync(query, cancellation);

    public ValueTask<DeadLetter?> FindAsync(long id, CancellationToken cancellation = default) => letters.FindAsync(id, cancellation);

    public ValueTask DiscardAsync(long id, CancellationToken cancellation = default) => letters.DiscardAsync(id, cancellation);

    public async ValueTask ReplayAsync(long id, CancellationToken cancellation = default)
    {
        await letters.ReplayAsync(id, cancellation);
        foreach (var service in services())
            await service.LearnAsync(cancellation);
    }
}
