using Carillon.InMemory;
using Carillon.Parking;
using Carillon.Testing.Network;
using Carillon.Transports;

namespace Carillon.Testing.Stores;

/// <summary>The parked messages and dead letters of a simulated database.</summary>
internal sealed class SimulatedParkingStore(ILink link, SimulatedDatabase database) : IParkingStore, IStartNotes, IDeadLetters
{
    private InMemoryParkingStore Parking => database.Parking;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ParkingOwner>> TakeOverAsync(
        string subscription, IReadOnlyCollection<AssignedPartition> partitions, CancellationToken cancellation) =>
        link.CallAsync(ServerOperation.Park, _ => Parking.TakeOverAsync(subscription, partitions, CancellationToken.None), cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> ReadHeldUpAsync(ParkingOwner owner, string? after, int limit, CancellationToken cancellation) =>
        link.CallAsync(ServerOperation.Ask, _ => Parking.ReadHeldUpAsync(owner, after, limit, CancellationToken.None), cancellation);

    /// <inheritdoc/>
    public ValueTask<ParkingAnswer> ParkAsync(ParkingOwner owner, IReadOnlyList<ParkedMessage> messages, CancellationToken cancellation) =>
        link.CallAsync(ServerOperation.SetAside, _ => Parking.ParkAsync(owner, [.. messages.Select(Checked)], CancellationToken.None), cancellation);

    /// <inheritdoc/>
    public ValueTask<ParkingAnswer> SettleAsync(ParkingOwner owner, IReadOnlyList<long> finished, ParkedMessage? failed, CancellationToken cancellation)
    {
        long[] numbers = [.. finished];
        return link.CallAsync(
            failed is null ? ServerOperation.Park : ServerOperation.SetAside,
            _ =>
            {
                NoteFinished(numbers);
                return Parking.SettleAsync(owner, numbers, failed is null ? null : Checked(failed), CancellationToken.None);
            },
            cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyCollection<RoutedType>> ReviveAsync(ParkingOwner owner, HandledMessages handles, CancellationToken cancellation) =>
        link.CallAsync(ServerOperation.Park, _ => Parking.ReviveAsync(owner, handles, CancellationToken.None), cancellation);

    /// <inheritdoc/>
    public ValueTask RetireAsync(string subscription, CancellationToken cancellation) =>
        DoAsync(() => Parking.RetireAsync(subscription, CancellationToken.None), cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ParkedMessage>> ClaimAsync(ParkingClaim claim, CancellationToken cancellation) =>
        link.CallAsync(ServerOperation.Park, async _ =>
        {
            var claimed = await Parking.ClaimAsync(claim, CancellationToken.None);
            foreach (var message in claimed)
                database.Claimed[message.Id] = message;
            return claimed;
        }, cancellation);

    /// <inheritdoc/>
    public ValueTask<int> CountAsync(ParkingOwner owner, Envelope message, CancellationToken cancellation) =>
        link.CallAsync(ServerOperation.Ask, _ => Parking.CountAsync(owner, message, CancellationToken.None), cancellation);

    /// <inheritdoc/>
    public ValueTask NoteAsync(ParkingOwner owner, Envelope message, CancellationToken cancellation) =>
        DoAsync(() => Parking.NoteAsync(owner, message, CancellationToken.None), cancellation);

    /// <inheritdoc/>
    public ValueTask RemoveAsync(ParkingOwner owner, Envelope message, CancellationToken cancellation) =>
        DoAsync(() => Parking.RemoveAsync(owner, message, CancellationToken.None), cancellation);

    /// <inheritdoc/>
    public ValueTask WithdrawAsync(ParkingOwner owner, Envelope message, CancellationToken cancellation) =>
        DoAsync(() => Parking.WithdrawAsync(owner, message, CancellationToken.None), cancellation);

    /// <inheritdoc/>
    public async ValueTask WaitForWorkAsync(string subscription, IReadOnlyCollection<string> partitions, TimeSpan patience, CancellationToken cancellation) =>
        await link.CallAsync(ServerOperation.Ask, async waiting =>
        {
            await Parking.WaitForWorkAsync(subscription, partitions, patience, waiting);
            return true;
        }, cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ReplayedKey>> WaitForReplaysAsync(string subscription, long after, TimeSpan patience, CancellationToken cancellation) =>
        link.CallAsync(ServerOperation.Ask, waiting => Parking.WaitForReplaysAsync(subscription, after, patience, waiting), cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DeadLetter>> ListAsync(DeadLetterQuery query, CancellationToken cancellation = default) =>
        link.CallAsync(ServerOperation.Ask, _ => Parking.ListAsync(query, CancellationToken.None), cancellation);

    /// <inheritdoc/>
    public ValueTask<long> CountAsync(DeadLetterQuery query, CancellationToken cancellation = default) =>
        link.CallAsync(ServerOperation.Ask, _ => Parking.CountAsync(query, CancellationToken.None), cancellation);

    /// <inheritdoc/>
    public ValueTask<DeadLetter?> FindAsync(long id, CancellationToken cancellation = default) =>
        link.CallAsync(ServerOperation.Ask, _ => Parking.FindAsync(id, CancellationToken.None), cancellation);

    /// <inheritdoc/>
    public ValueTask ReplayAsync(long id, CancellationToken cancellation = default) =>
        DoAsync(() => Parking.ReplayAsync(id, CancellationToken.None), cancellation);

    /// <inheritdoc/>
    public ValueTask DiscardAsync(long id, CancellationToken cancellation = default) =>
        DoAsync(() => Parking.DiscardAsync(id, CancellationToken.None), cancellation);

    private ParkedMessage Checked(ParkedMessage message)
    {
        if (message is { State: ParkedState.Scheduled, BlocksKey: false } && !database.IsHandled(message.Subscription, message.Envelope))
            database.Unhandled.Add((message.Subscription, message.Envelope.Source, message.Envelope.Id));
        // A write whose answer was lost comes again; what counts is the first one.
        if (message.State == ParkedState.Dead)
            database.Buried.TryAdd((message.Subscription, message.Envelope.Source, message.Envelope.Id), database.WasHandled(message.Subscription, message.Envelope));
        if (!database.IsStrict)
            return message;
        try
        {
            StoredText.Demand(message);
            return message;
        }
        catch (TextRefusedException refused)
        {
            throw new CarillonException(ErrorCodes.ContentRefused, $"The simulated database cannot hold the message as it is: {refused.Message}", refused);
        }
    }

    private void NoteFinished(IEnumerable<long> numbers)
    {
        foreach (var number in numbers)
        {
            if (database.Claimed.Remove(number, out var message) && !database.IsHandled(message.Subscription, message.Envelope))
                database.Ignored.Add((message.Subscription, message.Envelope.Source, message.Envelope.Id));
        }
    }

    private async ValueTask DoAsync(Func<ValueTask> step, CancellationToken cancellation) => await link.CallAsync(
        ServerOperation.Park,
        async _ =>
        {
            await step();
            return true;
        },
        cancellation);
}
