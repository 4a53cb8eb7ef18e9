using System.Runtime.CompilerServices;

namespace Carillon.Transports;

/// <summary>
/// Puts messages into every subscription that they are for: into all of them or, when cancelled while waiting for room, into none.
/// </summary>
internal sealed class InMemorySender(InMemoryBroker broker) : ITransportSender
{
    private readonly RoomRequest _room = new();
    private bool _isDisposed;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<IReadOnlyList<SendFailure>?> SendAsync(ReadOnlyMemory<Envelope> batch, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancellation.ThrowIfCancellationRequested();
        List<SendFailure>? failures = null;
        for (var index = 0; index < batch.Length; index++)
        {
            var route = broker.Routes.Find(batch.Span[index]);
            if (route.Length == 0 && Refuse(batch.Span[index]) is { } error)
            {
                (failures ??= []).Add(new SendFailure(index, error));
                continue;
            }

            var size = EnvelopeSize.Of(batch.Span[index]);
            foreach (var subscription in route)
            {
                if (!subscription.Capacity.TryReserve(size))
                    await WaitForRoomAsync(route, subscription, size, cancellation);
            }

            foreach (var subscription in route)
                subscription.Enqueue(batch.Span[index], size);
        }

        return failures;
    }

    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        return ValueTask.CompletedTask;
    }

    // Every sender takes room in the same order of subscriptions, so two that hold room in one and wait for another never wait for each other.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WaitForRoomAsync(InMemorySubscription[] route, InMemorySubscription full, long size, CancellationToken cancellation)
    {
        try
        {
            await _room.WaitAsync(full.Capacity, size, cancellation);
        }
        catch (OperationCanceledException)
        {
            GiveRoomBack(route, full, size);
            throw;
        }
    }

    private static void GiveRoomBack(InMemorySubscription[] route, InMemorySubscription full, long size)
    {
        foreach (var subscription in route.TakeWhile(subscription => subscription != full))
            subscription.Capacity.Release(size);
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
