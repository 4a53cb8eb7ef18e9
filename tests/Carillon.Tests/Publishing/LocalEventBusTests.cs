using Carillon.Events;
using Carillon.Publishing;

namespace Carillon.Tests.Publishing;

public sealed class LocalEventBusTests : IDisposable
{
    private readonly PublishBatcherFixture _fixture = new PublishBatcherFixture().Start();
    private readonly Scope _scope = new();
    private readonly List<string> _calls = [];
    private readonly MessageCatalog _catalog = new([]);
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task RaiseAsync_ShouldRunTheHandlersInOrder_WhenThereAreSeveral()
    {
        var bus = Create(Handler("first"), Handler("second"), Handler("remote", isLocal: false));

        await bus.RaiseAsync(new Raised("r-1"), _cancellation);

        Assert.Equal(["first r-1", "second r-1"], _calls);
    }

    [Fact]
    public async Task RaiseAsync_ShouldGiveTheCallersSurroundings_WhenAHandlerAsks()
    {
        EventContext? seen = null;
        var bus = Create(Handler("h", (_, context) =>
        {
            seen = context;
            return default;
        }));

        await bus.RaiseAsync(new Raised("r-1"), _cancellation);

        Assert.NotNull(seen);
        Assert.Same(_scope, seen.Services);
        Assert.Equal(("orders", "orders", 1, "raised", "r-1"), (seen.Service, seen.Subscription, seen.Attempt, seen.Type, seen.Key));
        Assert.Equal(_cancellation, seen.Cancellation);
        Assert.Equal(seen.Id, seen.CorrelationId);
        Assert.False(seen.Id.IsEmpty);
    }

    [Fact]
    public async Task RaiseAsync_ShouldStopAndThrow_WhenAHandlerFails()
    {
        var bus = Create(Handler("first"), Handler("second", (_, _) => throw new InvalidOperationException("no")), Handler("third"));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await bus.RaiseAsync(new Raised("r-1"), _cancellation));

        Assert.Equal("no", error.Message);
        Assert.Equal(["first r-1", "second r-1"], _calls);
    }

    [Fact]
    public async Task RaiseAsync_ShouldPublishWhatAHandlerReturns_WhenItReturnsMessages()
    {
        var bus = Create(Handler("h", async (raised, context) =>
        {
            await context.ReturnAsync(new Announced(raised.Id));
            await context.ReturnAsync<Announced>(null);
        }));

        await bus.RaiseAsync(new Raised("r-1"), _cancellation);

        Assert.Equal(["r-1"], _fixture.Sender.Keys);
        Assert.Equal("announced", _fixture.Sender.Batches[0][0].Type);
    }

    [Fact]
    public async Task RaiseAsync_ShouldReachHandlersOfTheBase_WhenADerivedEventIsRaised()
    {
        var bus = Create(Handler("base"));

        await bus.RaiseAsync<Raised>(new Lifted("r-1"), _cancellation);

        Assert.Equal(["base r-1"], _calls);
    }

    [Fact]
    public async Task RaiseAsync_ShouldHandOverAListOfOne_WhenAHandlerTakesBatches()
    {
        var seen = 0;
        var bus = Create(new BatchHandlerDefinition<Raised>("batch", _catalog.Get<Raised>(), 10, (messages, _, _) =>
        {
            seen = messages.Count;
            return default;
        })
        { IsLocal = true });

        await bus.RaiseAsync(new Raised("r-1"), _cancellation);

        Assert.Equal(1, seen);
    }

    [Fact]
    public async Task RaiseAsync_ShouldDoNothing_WhenNobodyIsInterested()
    {
        await Create().RaiseAsync(new Raised("r-1"), _cancellation);

        Assert.Empty(_fixture.Sender.Batches);
    }

    [Fact]
    public async Task RaiseAsync_ShouldThrow_WhenTheMessageIsNoEvent()
    {
        Assert.Equal(ErrorCodes.NotAMessage, (await Assert.ThrowsAsync<CarillonException>(async () => await Create().RaiseAsync("text", _cancellation))).Code);
        Assert.Equal(ErrorCodes.WrongMessageKind, (await Assert.ThrowsAsync<CarillonException>(async () => await Create().RaiseAsync(new EventBusTests.Ship("s"), _cancellation))).Code);
    }

    [Fact]
    public async Task RaiseAsync_ShouldRunNothing_WhenCancelled()
    {
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await Create(Handler("h")).RaiseAsync(new Raised("r-1"), new CancellationToken(canceled: true)));

        Assert.Empty(_calls);
    }

    [Fact]
    public void LocalHandlers_ShouldRefuse_WhenAHandlerTakesEnvelopes() => Assert.Throws<CarillonConfigurationException>(
        () => new LocalHandlers([new EnvelopeHandlerDefinition("h", (_, _, _) => default) { IsLocal = true }]));

    private LocalEventBus Create(params HandlerDefinition[] handlers) =>
        new("orders", new LocalHandlers(handlers), _catalog, Buses.Envelopes(TimeProvider.System), Buses.Create(_fixture.Batcher, _catalog), _scope);

    private HandlerDefinition<Raised> Handler(string name, Func<Raised, EventContext, ValueTask>? run = null, bool isLocal = true) =>
        new(name, _catalog.Get<Raised>(), (raised, context, _) =>
        {
            _calls.Add($"{name} {raised.Id}");
            return run is null ? default : run(raised, context);
        })
        { IsLocal = isLocal };

    [Event("raised")]
    public record Raised([property: Key] string Id);

    [Event("lifted")]
    public sealed record Lifted(string Id) : Raised(Id);

    [Event("announced")]
    public sealed record Announced([property: Key] string Id);

    private sealed class Scope : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
