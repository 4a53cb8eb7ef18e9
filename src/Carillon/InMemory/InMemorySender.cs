using System.Runtime.CompilerServices;
using Carillon.Transports;

namespace Carillon.InMemory;

/// <summary>
/// Puts messages into every subscription that they are for, in the order of the calls, and confirms a call when all of these have room for
/// what it brought. Calls do not wait for each other.
/// </summary>
internal sealed class InMemorySender(InMemoryBroker broker, InMemoryOptions options, TimeProvider time) : IPipelinedSender
{
    private OwedRoom? _spare;
    private bool _isDisposed;

    // Each waits for the subscriptions that it is for, so none may wait for what another one of its call is for.
    public int MessagesMax => 1;

    public ValueTask<IReadOnlyList<SendFailure>?> SendAsync(ReadOnlyMemory<Envelope> batch, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancellation.ThrowIfCancellationRequested();
        List<SendFailure>? failures = null;
        var owed = Interlocked.Exchange(ref _spare, null);
        var isOfHandler = true;
        for (var index = 0; index < batch.Length; index++)
        {
            Send(batch, index, ref owed, ref failures);
            isOfHandler &= IsOfHandler(batch.Span[index]);
        }

        if (owed is { IsNothing: false })
            return ConfirmAsync(owed, isOfHandler, failures, cancellation);
        _spare = owed;
        return new ValueTask<IReadOnlyList<SendFailure>?>(failures);
    }

    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        return ValueTask.CompletedTask;
    }

    /// <summary>Whether a message was published while another one was handled.</summary>
    public static bool IsOfHandler(in Envelope envelope) => !envelope.CausationId.IsEmpty;

    private void Send(ReadOnlyMemory<Envelope> batch, int index, ref OwedRoom? owed, ref List<SendFailure>? failures)
    {
        ref readonly var envelope = ref batch.Span[index];
        var route = broker.Routes.Find(envelope);
        var error = route.Length == 0 ? Refuse(envelope) : FindEarlierRefusal(batch, failures, envelope.Key) ?? RefuseForNow(envelope, route);
        if (error is not null)
        {
            (failures ??= []).Add(new SendFailure(index, error));
            return;
        }

        var (size, isOfHandler) = (EnvelopeSize.Of(envelope), IsOfHandler(envelope));
        foreach (var subscription in route)
            subscription.Enqueue(envelope, size, isOfHandler, ref owed);
    }

    /// <summary>What follows a message that is refused for now must not pass it by.</summary>
    private static PublishFailedException? FindEarlierRefusal(ReadOnlyMemory<Envelope> batch, List<SendFailure>? failures, string? key)
    {
        if (key is null || failures is null)
            return null;
        foreach (var (index, error) in failures)
        {
            if (error.IsTransient && batch.Span[index].Key == key)
                return error;
        }

        return null;
    }

    private PublishFailedException? RefuseForNow(in Envelope envelope, InMemorySubscription[] route)
    {
        if (!IsOfHandler(envelope) || Array.Find(route, static subscription => subscription.IsFullOfHandlers) is not { } full)
            return null;
        return new PublishFailedException(ErrorCodes.SubscriptionFull,
            $"The subscription {full.Topology.Name} is full, also of what handlers may bring beyond its limit, so {envelope.Type} {envelope.Id} was not stored. Try again later; have fewer messages published for each one handled, or raise Carillon:InMemory:CapacityMessages and CapacityBytes.")
        {
            IsTransient = true,
            RetryAfter = options.HandlerPatience,
        };
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

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<IReadOnlyList<SendFailure>?> ConfirmAsync(OwedRoom owed, bool isOfHandler, List<SendFailure>? failures, CancellationToken cancellation)
    {
        if (isOfHandler)
            await WaitPatientlyAsync(owed, cancellation);
        else
            await owed.WaitAsync(cancellation);
        owed.Clear();
        Interlocked.CompareExchange(ref _spare, owed, null);
        return failures;
    }

    // The room that a handler waits for may be that which it makes itself by ending.
    private async ValueTask WaitPatientlyAsync(OwedRoom owed, CancellationToken cancellation)
    {
        if (options.HandlerPatience == TimeSpan.Zero)
            return;
        using var patience = new CancellationTokenSource(options.HandlerPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            await owed.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // It goes on; its messages are held beyond the limit.
        }
    }
}
