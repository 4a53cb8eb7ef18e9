using System.Reflection;
using Carillon.Durability;
using Carillon.Parking;
using Carillon.Relaying;
using Carillon.Routing;
using Carillon.Subscribing;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carillon.Hosting;

/// <summary>Makes the parts that run while a service runs, in the order in which they start.</summary>
internal sealed class ServiceAssembly(CarillonBuilder builder, IServiceProvider services, ServiceParts parts, TimeProvider time, ILogger logger)
{
    private TransportPart? _transport;
    private SubscriptionPumpFactory? _pumps;

    /// <summary>The transport.</summary>
    /// <exception cref="CarillonException">It is not connected.</exception>
    public ITransport Transport => _transport is { IsConnected: true }
        ? _transport.Transport
        : throw new CarillonException(ErrorCodes.BusNotRunning, $"Service {builder.Service} does not run, so its transport cannot be asked. Start the host first.");

    /// <summary>What the transport calls itself, once it is connected.</summary>
    public string TransportName => _transport!.Transport.Capabilities.Name;

    public IReadOnlyList<IServicePart> CreateParts()
    {
        var transport = _transport = new TransportPart(builder, services, Topology, RefuseWhatItCannotDo);
        var outbox = CreateOutbox();
        Health.Validate();
        var running = new List<IServicePart> { transport, CreateStore() };
        if (outbox is { Part: { } intake })
            running.Add(intake);
        running.Add(new PublisherPart(
            builder.Service, parts.Batcher, () => outbox?.Part.Intake ?? transport.Sender, parts.Schedule, parts.CreateSchedule, parts.OpenUnits, Health, time, logger));
        if (outbox is { Outbox: { } log })
            running.Add(CreateRelay(log, transport));
        running.AddRange(builder.ServiceParts.Select(create => create(services)));
        running.Add(parts.CreateScheduleWorker());
        running.AddRange(parts.Plans.Select(plan => CreateSubscription(plan, transport)));
        return [.. running.OrderBy(part => part.Stage)];
    }

    private Topology Topology => new(builder.Service, [.. parts.Plans.Select(plan => plan.Topology)]) { Application = Application };

    private ApplicationIdentity Application => services.GetService<IHostEnvironment>() is { ApplicationName: { Length: > 0 } name }
        ? new ApplicationIdentity(name, Assembly.GetEntryAssembly()?.GetName().Version?.ToString() ?? "")
        : ApplicationIdentity.Unknown;

    private HealthOptions Health => builder.Options<HealthOptions>();

    private IDeadLetters DeadLetters => services.GetRequiredKeyedService<IDeadLetters>(builder.Service);

    private IParkingStore Parking => services.GetRequiredKeyedService<IParkingStore>(builder.Service);

    private void RefuseWhatItCannotDo(TransportCapabilities transport)
    {
        RefuseWithoutOrder(transport);
        if (transport.DeliversAtMostOnce || parts.Plans.FirstOrDefault(static plan => plan.Topology.DeliversAtMostOnce) is not { } lossy)
            return;
        throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration,
            $"The subscription {lossy.Name} is to handle messages at most once, but {transport.Name} cannot write them down as finished before it hands them over. Choose another transport, or another delivery for its handlers.");
    }

    private void RefuseWithoutOrder(TransportCapabilities transport)
    {
        if (transport.KeepsKeyOrder || parts.Plans.FirstOrDefault(plan => parts.Subscriptions.For(plan.Name).KeepsKeyOrder) is not { } ordered)
            return;
        throw new CarillonConfigurationException(ErrorCodes.OrderNotKept,
            $"The subscription {ordered.Name} is to handle the messages of each key in order, but {transport.Name} may give them to several instances at once. Choose a transport that keeps the order of keys, or set KeepsKeyOrder of the subscription to false if it needs none.");
    }

    private StorePart CreateStore() => new(
        builder.Service,
        [.. builder.StoreParts.Select(part => services.GetRequiredKeyedService(part, builder.Service)).Distinct(ReferenceEqualityComparer.Instance)]);

    private (IOutbox Outbox, OutboxPart Part)? CreateOutbox()
    {
        var options = builder.Options<OutboxOptions>();
        options.Validate();
        if (services.GetKeyedService<IOutbox>(builder.Service) is not { } outbox)
            return null;
        return (outbox, new OutboxPart(builder.Service, outbox, options, () => new OutboxAge(builder.Service, outbox, time, logger)));
    }

    private SubscriptionPart CreateRelay(IOutbox outbox, TransportPart transport)
    {
        var topology = RelayFactory.TopologyOf(builder.Service);
        return new SubscriptionPart(
            topology.Name,
            ServiceStage.Relaying,
            cancellation => outbox.OpenReceiverAsync(topology, cancellation),
            receiver => parts.CreateRelayFactory(Parking).Create(receiver, transport.Sender),
            DeadLetters,
            Health);
    }

    private SubscriptionPart CreateSubscription(SubscriptionPlan plan, TransportPart transport) => new(
        plan.Name,
        ServiceStage.Receiving,
        cancellation => transport.Transport.OpenReceiverAsync(plan.Topology, cancellation),
        receiver => (_pumps ??= parts.CreatePumpFactory(Parking, transport.Transport.Capabilities.System))
            .Create(plan, parts.Subscriptions.For(plan.Name), receiver),
        DeadLetters,
        Health);
}
