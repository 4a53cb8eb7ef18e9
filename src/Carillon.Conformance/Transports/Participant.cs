using Carillon.Conformance.Waiting;
using Carillon.Transports;

namespace Carillon.Conformance.Transports;

/// <summary>One instance of a service in a scenario: its transport, its sender and its receivers.</summary>
internal sealed class Participant : IAsyncDisposable
{
    private readonly ITransport _transport;
    private readonly List<ITransportReceiver> _receivers = [];
    private bool _isClosed;

    private Participant(ITransport transport, ITransportSender sender) => (_transport, Sender) = (transport, sender);

    public ITransport Transport => _transport;

    public ITransportSender Sender { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<Participant> JoinAsync(ITransport transport, Topology topology)
    {
        try
        {
            await Patience.ForAsync(transport.EnsureTopologyAsync(topology, Cancellation).AsTask(), "the topology");
            return new Participant(transport, await Patience.ForAsync(transport.OpenSenderAsync(Cancellation).AsTask(), "the sender"));
        }
        catch
        {
            await transport.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a batch and expects every message of it to be stored.</summary>
    public async Task SendAsync(params Envelope[] batch)
    {
        var failures = await Patience.ForAsync(Sender.SendAsync(batch, Cancellation).AsTask(), $"a batch of {batch.Length} to be sent");
        Assert.Equal(failures ?? [], []);
    }

    /// <summary>Sends a batch and expects no message of it to be stored.</summary>
    /// <returns>Why.</returns>
    public async Task<IReadOnlyList<PublishFailedException>> SendInVainAsync(params Envelope[] batch)
    {
        try
        {
            var failures = await Patience.ForAsync(Sender.SendAsync(batch, Cancellation).AsTask(), $"a batch of {batch.Length} to be refused");
            Assert.Equal(Enumerable.Range(0, batch.Length), (failures ?? []).Select(failure => failure.Index).Order());
            return [.. failures!.Select(failure => failure.Error)];
        }
        catch (PublishFailedException error)
        {
            return [error];
        }
    }

    /// <summary>Opens a receiver and waits until it receives.</summary>
    public async Task<ITransportReceiver> ReceiveAsync(SubscriptionTopology subscription, RecordingSink sink)
    {
        var receiver = await Patience.ForAsync(_transport.OpenReceiverAsync(subscription, Cancellation).AsTask(), "the receiver");
        _receivers.Add(receiver);
        await Patience.ForAsync(receiver.StartAsync(sink, Cancellation).AsTask(), "the receiver to start");
        return receiver;
    }

    /// <summary>Ends one receiver the clean way.</summary>
    public async Task EndAsync(ITransportReceiver receiver)
    {
        _receivers.Remove(receiver);
        await Patience.ForAsync(receiver.StopAsync(Cancellation).AsTask(), "the receiver to stop");
        await Patience.ForAsync(receiver.DisposeAsync().AsTask(), "the receiver to be disposed");
    }

    public async ValueTask DisposeAsync()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        while (_receivers.Count > 0)
            await EndAsync(_receivers[0]);
        await Patience.ForAsync(Sender.DisposeAsync().AsTask(), "the sender to be disposed");
        await Patience.ForAsync(_transport.DisposeAsync().AsTask(), "the transport to be disposed");
    }
}
