using System.Collections.Concurrent;
using Carillon.Durability;
using Carillon.Hosting;
using Carillon.InMemory;
using Carillon.Parking;
using Carillon.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Tests.Relaying;

/// <summary>
/// Services named <c>shop</c> whose store is not their transport. Outbox, broker and dead letters outlive each host, as they would in
/// servers of their own.
/// </summary>
internal sealed class RelayFixture : IAsyncDisposable
{
    private readonly InMemoryBroker _broker = new();
    private readonly InMemoryParkingStore _parked = new(TimeProvider.System);
    private readonly List<TestService> _services = [];

    public RelayFixture()
    {
        Outbox = new InMemoryOutbox(OutboxBroker);
        Transport = new UnreliableTransport(_broker);
    }

    public InMemoryBroker OutboxBroker { get; } = new();

    public InMemoryOutbox Outbox { get; }

    public UnreliableTransport Transport { get; }

    public IDeadLetters DeadLetters => _parked;

    /// <summary>Every step that was handled, in the order in which it was.</summary>
    public ConcurrentQueue<StepTaken> Handled { get; } = new();

    /// <summary>The numbers of a walker's steps, each once where it came several times in a row.</summary>
    public IReadOnlyList<int> StepsOf(string walker)
    {
        var steps = new List<int>();
        foreach (var step in Handled.Where(step => step.Walker == walker))
        {
            if (steps.Count == 0 || steps[^1] != step.Number)
                steps.Add(step.Number);
        }

        return steps;
    }

    public async Task<TestService> StartAsync(Action<OutboxOptions>? configure = null, TimeSpan? grace = null)
    {
        var service = await TestService.StartAsync(builder =>
        {
            builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = grace ?? options.ShutdownTimeout);
            builder.Services.AddHealthChecks().AddCarillon();
            builder.AddCarillon("shop", carillon => carillon
                .UseTransport("unreliable", _ => Transport)
                .UseStorePart<IOutbox>(_ => Outbox)
                .UseStorePart<IParkingStore>(_ => _parked)
                .Outbox(options =>
                {
                    options.FirstDelay = options.MaxDelay = TimeSpan.FromMilliseconds(20);
                    configure?.Invoke(options);
                })
                .On<StepTaken>(Handled.Enqueue)
                .On<StartWalk>(walk => Handled.Enqueue(new StepTaken(walk.Walker, -1))));
        });
        _services.Add(service);
        return service;
    }

    public static int InRelay(TestService service) => service.Services.GetRequiredKeyedService<CarillonService>("shop").InRelay;

    public async Task<DeadLetter> TheOnlyDeadLetterAsync(Func<DeadLetter, bool> condition)
    {
        DeadLetter? dead = null;
        await Eventually.IsTrueAsync(async () =>
            (await DeadLetters.ListAsync(new DeadLetterQuery(), TestContext.Current.CancellationToken)) is [var only] && condition(dead = only));
        return dead!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services)
            await service.DisposeAsync();
    }
}
