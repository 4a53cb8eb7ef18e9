using Carillon.Transports;

namespace Carillon.Hosting;

/// <summary>The transport of a running service, and the one sender that everything of the service sends through.</summary>
internal sealed class TransportPart(CarillonBuilder builder, IServiceProvider services, Topology topology, Action<TransportCapabilities> check) : IServicePart
{
    private ITransport? _transport;
    private ITransportSender? _sender;

    public string Name => $"the transport of {builder.Service}";

    public ServiceStage Stage => ServiceStage.Connecting;

    /// <summary>Whether it is connected.</summary>
    public bool IsConnected => _transport is not null;

    /// <summary>The transport, once it is connected.</summary>
    public ITransport Transport => _transport!;

    /// <summary>The sender, once the transport is connected.</summary>
    public ITransportSender Sender => _sender!;

    public async ValueTask StartAsync(CancellationToken cancellation)
    {
        _transport = Create();
        check(_transport.Capabilities);
        await _transport.EnsureTopologyAsync(topology, cancellation);
        _sender = await _transport.OpenSenderAsync(cancellation);
    }

    public async ValueTask StopAsync(CancellationToken deadline)
    {
        try
        {
            if (_sender is not null)
                await _sender.DisposeAsync();
        }
        finally
        {
            if (_transport is not null)
                await _transport.DisposeAsync();
        }
    }

    public ValueTask<IReadOnlyList<HealthFinding>> CheckHealthAsync(CancellationToken cancellation) =>
        HealthReports.AskAsync([_transport, _sender], cancellation);

    private ITransport Create() => builder.Transports switch
    {
        [var (_, create)] => create(services),
        [] => throw new CarillonConfigurationException(ErrorCodes.TransportMissing,
            $"Service {builder.Service} has no transport: choose one in AddCarillon, UseInMemory(), UseSqlite(\"Data Source=events.db\") or UsePostgreSql(\"Host=…;Database=…\")."),
        var several => throw new CarillonConfigurationException(ErrorCodes.TransportMissing,
            $"Service {builder.Service} has several transports ({string.Join(", ", several.Select(transport => transport.Name))}): choose one."),
    };
}
