using System.Runtime.CompilerServices;
using Carillon.Events;

namespace Carillon.Transports;

/// <summary>
/// Puts messages into every subscription that they are for: into all of them or, when cancelled while waiting for room, into none.
/// </summary>
internal sealed class InMemorySender(InMemoryBroker broker) : ITransportSender
{
    private readonly RoomRequest _room = new();
    private bool _isDisposed;

    public ValueTask<IReadOnlyList<SendFailure>?> SendAsync(ReadOnlyMemory<Envelope> batch, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancellation.ThrowIfCancellationRequested();
        List<SendFailure>? failures = null;
        var messages = batch.Span;
        for (var index = 0; index < messages.Length; index++)
        {
            if (!TrySend(messages[index], index, ref failures))
                return SendSlowlyAsync(batch, index, failures, cancellation);
        }

        return new ValueTask<IReadOnlyList<SendFailure>?>(failures);
    }

    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        return ValueTask.CompletedTask;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<IReadOnlyList<SendFailure>?> SendSlowlyAsync(
        ReadOnlyMemory<Envelope> batch, int first, List<SendFailure>? failures, CancellationToken cancellation)
    {
        for (var index = first; index < batch.Length; index++)
        {
            if (TrySend(batch.Span[index], index, ref failures))
                continue;
            var (route, size) = (broker.Routes.Find(batch.Span[index]), EnvelopeSize.Of(batch.Span[index]));
            for (var place = 0; place < route.Length; place++)
                await TakeRoomAsync(route, place, size, cancellation);
            Enqueue(route, batch.Span[index], size);
        }

        return failures;
    }

    // Every sender takes room in the same order of subscriptions, so two that hold room in one and wait for another never wait for each other.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask TakeRoomAsync(InMemorySubscription[] route, int place, long size, CancellationToken cancellation)
    {
        try
        {
            await _room.WaitAsync(route[place].Capacity, size, cancellation);
        }
        catch (OperationCanceledException)
        {
            GiveRoomBack(route, place, size);
            throw;
        }
    }

    /// <summary>Sends a message if that needs no waiting, or notes why it cannot be sent at all.</summary>
    private bool TrySend(in Envelope envelope, int index, ref List<SendFailure>? failures)
    {
        var route = broker.Routes.Find(envelope);
        if (route.Length == 0)
        {
            if (Refuse(envelope) is { } error)
                (failures ??= []).Add(new SendFailure(index, error));
            return true;
        }

        var size = EnvelopeSize.Of(envelope);
        for (var place = 0; place < route.Length; place++)
        {
            if (route[place].Capacity.TryReserve(size))
                continue;
            GiveRoomBack(route, place, size);
            return false;
        }

        Enqueue(route, envelope, size);
        return true;
    }

    private static void Enqueue(InMemorySubscription[] route, in Envelope envelope, long size)
    {
        foreach (var subscription in route)
            subscription.Enqueue(envelope, size);
    }

    private static void GiveRoomBack(InMemorySubscription[] route, int count, long size)
    {
        for (var place = 0; place < count; place++)
            route[place].Capacity.Release(size);
    }

    private static PublishFailedException? Refuse(in Envelope envelope)
    {
        if (envelope.Topic is null)
            return new PublishFailedException(ErrorCodes.PublishFailed, $"The message {envelope.Id} of type \"{envelope.Type}\" has no topic, so nobody could receive it: set one.");
        if (envelope.Kind != MessageKind.Command)
            return null;
        var where = envelope.Destination is { } destination ? $" of the service \"{destination}\"" : "";
        return new PublishFailedException(ErrorCodes.NoCommandHandler,
            $"No subscription{where} handles the command \"{envelope.Topic}\" (message {envelope.Id}): start the service that does, or correct the topic.");
    }
}
