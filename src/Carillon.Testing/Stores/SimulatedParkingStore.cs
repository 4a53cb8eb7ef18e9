using Carillon.Parking;
using Carillon.Testing.Network;
using Carillon.Transports;

namespace Carillon.Testing.Stores;

/// <summary>The parked messages and dead letters of a simulated database.</summary>
internal sealed class SimulatedParkingStore(ILink link, SimulatedDatabase database) : IParkingStore, IDeadLetters
{
    private InMemoryParkingStore Parking => database.Parking;

    /// <inheritdoc/>
    public ValueTask ParkAsync(IReadOnlyList<ParkedMessage> messages, CancellationToken cancellation)
    {
        var now = link.Time.GetUtcNow();
        return DoAsync(ServerOperation.SetAside, () => Parking.ParkAsync([.. messages.Select(message => Translate(Checked(message), now, database.Now))], CancellationToken.None), cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<string, int>> CountByKeyAsync(string subscription, string partition, CancellationToken cancellation) =>
        link.CallAsync(ServerOperation.Ask, _ => Parking.CountByKeyAsync(subscription, partition, CancellationToken.None), cancellation);

    /// <inheritdoc/>
    public async ValueTask WaitForWorkAsync(string subscription, TimeSpan patience, CancellationToken cancellation) =>
        await link.CallAsync(ServerOperation.Ask, async waiting =>
        {
            await Parking.WaitForWorkAsync(subscription, patience, waiting);
            return true;
        }, cancellation);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ParkedMessage>> ClaimAsync(ParkingClaim claim, CancellationToken cancellation)
    {
        var (messages, now) = await link.CallAsync(
            ServerOperation.Park, async _ => (await Parking.ClaimAsync(claim, CancellationToken.None), database.Now), cancellation);
        return [.. messages.Select(message => Translate(message, now, link.Time.GetUtcNow()))];
    }

    /// <inheritdoc/>
    public ValueTask UpdateAsync(ParkedMessage message, CancellationToken cancellation)
    {
        var now = link.Time.GetUtcNow();
        return DoAsync(ServerOperation.SetAside, () => Parking.UpdateAsync(Translate(Checked(message), now, database.Now), CancellationToken.None), cancellation);
    }

    /// <inheritdoc/>
    public ValueTask ReviveAsync(string subscription, string partition, HandledTypes handles, CancellationToken cancellation) =>
        DoAsync(ServerOperation.Park, () => Parking.ReviveAsync(subscription, partition, handles, CancellationToken.None), cancellation);

    /// <inheritdoc/>
    public ValueTask CompleteAsync(IReadOnlyList<long> ids, CancellationToken cancellation) =>
        DoAsync(ServerOperation.Park, () => Parking.CompleteAsync(ids, CancellationToken.None), cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DeadLetter>> ListAsync(DeadLetterQuery query, CancellationToken cancellation = default) =>
        link.CallAsync(ServerOperation.Ask, _ => Parking.ListAsync(query, CancellationToken.None), cancellation);

    /// <inheritdoc/>
    public ValueTask<DeadLetter?> FindAsync(long id, CancellationToken cancellation = default) =>
        link.CallAsync(ServerOperation.Ask, _ => Parking.FindAsync(id, CancellationToken.None), cancellation);

    /// <inheritdoc/>
    public ValueTask ReplayAsync(long id, CancellationToken cancellation = default) =>
        DoAsync(ServerOperation.Park, () => Parking.ReplayAsync(id, CancellationToken.None), cancellation);

    /// <inheritdoc/>
    public ValueTask DiscardAsync(long id, CancellationToken cancellation = default) =>
        DoAsync(ServerOperation.Park, () => Parking.DiscardAsync(id, CancellationToken.None), cancellation);

    private static ParkedMessage Translate(ParkedMessage message, DateTimeOffset here, DateTimeOffset there) =>
        message with { Due = StoreTime.Translate(message.Due, here, there) };

    private ParkedMessage Checked(ParkedMessage message)
    {
        if (database.IsStrict)
            StoredText.Demand(message);
        return message;
    }

    private async ValueTask DoAsync(ServerOperation operation, Func<ValueTask> step, CancellationToken cancellation) => await link.CallAsync(
        operation,
        async _ =>
        {
            await step();
            return true;
        },
        cancellation);
}
