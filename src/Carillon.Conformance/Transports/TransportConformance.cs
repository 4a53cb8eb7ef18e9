using Carillon.Conformance.Transports;
using Carillon.Transports;

namespace Carillon.Conformance;

/// <summary>
/// What every transport must do, as tests. A transport joins with a class that derives from this one and says how to open it; a scenario
/// that needs what its <see cref="TransportCapabilities"/> do not promise is skipped and says so.
/// </summary>
/// <example><code>
/// public sealed class MyTransportConformance : TransportConformance
/// {
///     private readonly MyServer _server = MyServer.Empty();
///     protected override ITransport CreateTransport(string service) => new MyTransport(_server.Address, service);
///     public override async ValueTask DisposeAsync()
///     {
///         await base.DisposeAsync();
///         _server.Dispose();
///     }
/// }
/// </code></example>
public abstract partial class TransportConformance : IAsyncLifetime
{
    private readonly List<Participant> _participants = [];
    private readonly List<RecordingSink> _sinks = [];
    private readonly KeyWatch _keys = new();

    /// <summary>
    /// Opens a transport as one more instance of a service. All transports of one test work on the same broker, file or memory, which is
    /// empty when the test begins. A scenario restarts a service by disposing its transport and opening another one.
    /// </summary>
    /// <param name="service">The service's name.</param>
    protected abstract ITransport CreateTransport(string service);

    /// <summary>
    /// Opens a transport as <see cref="CreateTransport"/> does, whose broker takes single deliveries back that are not settled within a second, and hands them over again.
    /// Null, unless overridden, where no delivery is lost alone: the scenarios about that are skipped then.
    /// </summary>
    /// <param name="service">The service's name.</param>
    protected virtual ITransport? CreateImpatientTransport(string service) => null;

    /// <summary>Prepares the broker, file or memory of one test. Does nothing unless overridden.</summary>
    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>
    /// Closes what the scenario opened, and fails when a receiver broke the contract of its sink. Overrides call it first and clean up after
    /// it.
    /// </summary>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var participant in _participants)
            await participant.DisposeAsync();
        Assert.Empty(_sinks.SelectMany(sink => sink.Faults).Concat(_keys.Faults));
    }

    private Task<Participant> JoinAsync(string service, params SubscriptionTopology[] subscriptions) => JoinAsync(CreateTransport(service), service, subscriptions);

    private async Task<Participant> JoinAsync(ITransport transport, string service, params SubscriptionTopology[] subscriptions)
    {
        var participant = await Participant.JoinAsync(transport, new Topology(service, subscriptions));
        _participants.Add(participant);
        return participant;
    }

    private RecordingSink AcknowledgingSink(int room = 100)
    {
        var sink = new RecordingSink(room, acknowledges: true, finishes: false, heeds: true, watch: null);
        _sinks.Add(sink);
        return sink;
    }

    private RecordingSink HoldingSink(int room = 100, bool shares = false, bool finishes = false, bool heeds = true, bool sharesRoom = false)
    {
        var sink = new RecordingSink(room, acknowledges: false, finishes, heeds, shares ? _keys : null, sharesRoom);
        _sinks.Add(sink);
        return sink;
    }

    private async Task RequireAsync(Func<TransportCapabilities, bool> isCapable, string reason)
    {
        await using var transport = CreateTransport("capabilities");
        Assert.SkipUnless(isCapable(transport.Capabilities), $"{transport.Capabilities.Name}: {reason}");
    }

    private static SubscriptionTopology Subscription(string name, params string[] topics) => new()
    {
        Name = name,
        Service = name.Split('.')[0],
        Topics = [.. topics.Select(TopicPattern.Parse)],
    };
}
