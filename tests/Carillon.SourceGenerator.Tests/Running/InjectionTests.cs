using Microsoft.Extensions.DependencyInjection;

namespace Carillon.SourceGenerator.Tests.Running;

/// <summary>Generated code at work: what handlers get.</summary>
public sealed class InjectionTests
{
    [Fact]
    public async Task Handler_ShouldGetEveryParameter_WhenItRuns()
    {
        using var handlers = CompiledHandlers.Compile("""
            public static class H
            {
                [Handler]
                public static void On(
                    Placed placed, EventContext context, CancellationToken cancellation, IEventBus bus, Envelope envelope, IServiceProvider services,
                    Notes notes, [FromKeyedServices("red")] Named red, [FromKeyedServices(7)] Named seven, [FromKeyedServices(DayOfWeek.Friday)] Named friday,
                    Named? missing, [FromKeyedServices("none")] Named? missingKey = null) =>
                    notes.Written.AddRange([placed, context, cancellation, bus, envelope.Id, services, red.Name, seven.Name, friday.Name, missing, missingKey]);
            }
            """).Add();
        var notes = new Sample.Notes();
        handlers.Builder.Services.AddSingleton(notes)
            .AddKeyedSingleton("red", new Sample.Named("red"))
            .AddKeyedSingleton(7, new Sample.Named("seven"))
            .AddKeyedSingleton(DayOfWeek.Friday, new Sample.Named("friday"));
        using var stop = new CancellationTokenSource();
        var context = handlers.CreateContext(stop.Token);
        var placed = new Sample.Placed("1");

        await handlers.Builder.Handlers.Single().InvokeAsync(placed, context, stop.Token);

        Assert.Equal(
            [placed, context, stop.Token, handlers.Bus, EventId.Parse("e-1"), context.Services, "red", "seven", "friday", null, null],
            notes.Written);
    }

    [Fact]
    public async Task Handler_ShouldRunOnItsClass_WhenItIsAnInstanceMethod()
    {
        using var handlers = CompiledHandlers.Compile("""
            public sealed class H(Notes notes)
            {
                [Handler] public void On(Placed placed) => notes.Written.Add((placed.Id, GetHashCode()));
            }
            """).Add();
        var notes = new Sample.Notes();
        handlers.Builder.Services.AddSingleton(notes);
        var registration = handlers.Builder.Services.Single(service => service.ServiceType == handlers.TypeOf("H"));

        await handlers.RunAsync(new Sample.Placed("1"));

        Assert.Equal(ServiceLifetime.Scoped, registration.Lifetime);
        Assert.Single(notes.Written);
    }

    [Fact]
    public async Task Handler_ShouldGetTheBatch_WhenItTakesAList()
    {
        using var handlers = CompiledHandlers.Compile("""
            public static class H { [Handler(BatchSize = 2)] public static void On(IReadOnlyList<Counted> batch, Notes notes) => notes.Written.Add(batch); }
            """).Add();
        var notes = new Sample.Notes();
        handlers.Builder.Services.AddSingleton(notes);
        var definition = handlers.Builder.Handlers.Single();

        await handlers.RunAsync(definition.CreateBatch([new Sample.Counted(1), new Sample.Counted(2)]));

        Assert.Equal(2, definition.BatchSize);
        Assert.Equal([new(1), new(2)], Assert.IsAssignableFrom<IReadOnlyList<Sample.Counted>>(notes.Written.Single()));
    }

    [Fact]
    public async Task Handler_ShouldGetTheEnvelope_WhenItTakesOne()
    {
        using var handlers = CompiledHandlers.Compile("""
            public static class H { [Handler(Topics = ["sample.>"], Subscription = "journal")] public static void On(Envelope envelope, Notes notes) => notes.Written.Add(envelope.Type); }
            """).Add();
        var notes = new Sample.Notes();
        handlers.Builder.Services.AddSingleton(notes);
        var definition = handlers.Builder.Handlers.Single();

        await handlers.RunAsync(new object());

        Assert.Equal(["sample.placed"], notes.Written);
        Assert.Null(definition.Message);
        Assert.Equal(["sample.>"], definition.Topics);
        Assert.Equal("journal", definition.Subscription);
    }

    [Fact]
    public async Task Handler_ShouldAllocateNothing_WhenItIsStaticAndDoesNot()
    {
        using var handlers = CompiledHandlers.Compile("""
            public static class H
            {
                public static int Seen;
                [Handler] public static void On(Placed placed, EventContext context, CancellationToken cancellation) => Seen += placed.Amount;
                [Handler] public static ValueTask Also(Placed placed) { Seen++; return default; }
                [Handler] public static Task Too(Placed placed) { Seen++; return Task.CompletedTask; }
                [Handler] public static Shipped? Nothing(Placed placed) => null;
            }
            """).Add();
        var context = handlers.CreateContext(TestContext.Current.CancellationToken);
        var placed = new Sample.Placed("1");
        await RunAllAsync(handlers, placed, context, times: 50);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var run = RunAllAsync(handlers, placed, context, times: 1_000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        await run;

        // The only allocation is the task of the loop itself, at most; one for each of 4,000 calls would be far more.
        Assert.InRange(allocated, 0, 200);
    }

    private static async Task RunAllAsync(CompiledHandlers handlers, object message, EventContext context, int times)
    {
        var definitions = handlers.Builder.Handlers;
        for (var i = 0; i < times; i++)
        {
            for (var j = 0; j < definitions.Count; j++)
                await definitions[j].InvokeAsync(message, context, context.Cancellation);
        }
    }
}
