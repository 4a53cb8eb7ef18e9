using System.Collections.Concurrent;
using Carillon.Tests.Hosting;

namespace Carillon.Tests.Subscribing;

public sealed class TopicSubscriptionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EnvelopeHandler_ShouldGetEveryTypeOfItsTopics_WhenThePatternMatches()
    {
        var seen = new ConcurrentQueue<string>();
        await using var service = await TestService.StartAsync(carillon => carillon.AddHandler(Audit(seen, "step.*")));

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);
        await service.Bus.PublishAsync(new WalkEnded("w"), Cancellation);
        await service.SendRawAsync(Stranger("step.measured", "step.measured"));

        await Eventually.IsTrueAsync(() => seen.Count == 2);
        Assert.Equal(["step.measured", "step.taken"], seen.Order());
    }

    [Fact]
    public async Task Subscription_ShouldIgnoreOtherTypes_WhenItAskedForAPattern()
    {
        var handled = new ConcurrentQueue<int>();
        await using var service = await TestService.StartAsync(carillon => carillon.AddHandler(Steps(handled, "step.>")));

        await service.SendRawAsync(Stranger("step.measured.twice", "step.measured"));
        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);

        await Eventually.IsTrueAsync(() => handled.Count == 1 && service.InFlight == 0);
        Assert.Empty(await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
    }

    [Fact]
    public async Task Subscription_ShouldMakeDeadLettersOfOtherTypes_WhenItIsToldTo()
    {
        await using var service = await TestService.StartAsync(carillon => carillon
            .Subscription(subscription => (subscription.UnhandledTypes, subscription.UnhandledRetention) = (UnhandledTypes.DeadLetter, TimeSpan.Zero))
            .AddHandler(Steps([], "step.>")));

        await service.SendRawAsync(Stranger("step.measured", "step.measured"));

        await Eventually.IsTrueAsync(async () =>
            (await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation)) is [{ Code: ErrorCodes.UnknownType }]);
    }

    [Fact]
    public async Task Handlers_ShouldAllRunInOrderOfRegistration_WhenTheyShareASubscription()
    {
        var order = new ConcurrentQueue<string>();
        await using var service = await TestService.StartAsync(carillon => carillon
            .On<StepTaken>(_ => order.Enqueue("first"))
            .On<StepTaken>(_ => order.Enqueue("second")));

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);

        await Eventually.IsTrueAsync(() => order.Count == 2);
        Assert.Equal(["first", "second"], order);
    }

    /// <summary>Of one subscription each handler gets what its own topics name: not what another one has asked for.</summary>
    [Fact]
    public async Task EnvelopeHandler_ShouldNotGetWhatOnlyAnotherHandlerAskedFor_WhenTheyShareASubscription()
    {
        var (steps, walks, handled) = (new ConcurrentQueue<string>(), new ConcurrentQueue<string>(), new ConcurrentQueue<int>());
        await using var service = await TestService.StartAsync(carillon => carillon
            .AddHandler(Audit(steps, "step.>"))
            .AddHandler(Audit(walks, "walk.*"))
            .On<StepTaken>(step => handled.Enqueue(step.Number))
            .On<WalkEnded>(_ => handled.Enqueue(0)));

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);
        await service.Bus.PublishAsync(new WalkEnded("w"), Cancellation);
        await service.SendRawAsync(Stranger("step.measured.twice", "step.measured"));

        await Eventually.IsTrueAsync(() => handled.Count == 2 && steps.Count == 2 && service.InFlight == 0);
        Assert.Equal(["step.measured", "step.taken"], steps.Order());
        Assert.Equal(["walk.ended"], walks);
        Assert.Equal([0, 1], handled.Order());
    }

    [Fact]
    public async Task Handlers_ShouldEachGetWhatTheirTopicsName_WhenTheyTakeOneTypeFromSeveral()
    {
        var (here, there) = (new ConcurrentQueue<int>(), new ConcurrentQueue<int>());
        await using var service = await TestService.StartAsync(carillon => carillon
            .AddHandler(Steps(here, "here.>"))
            .AddHandler(Steps(there, "there.>")));

        await service.SendRawAsync(Step("here.a", 1));
        await service.SendRawAsync(Step("there.a", 2));
        await service.SendRawAsync(Step("here.b", 3));

        await Eventually.IsTrueAsync(() => here.Count == 2 && there.Count == 1 && service.InFlight == 0);
        Assert.Equal([1, 3], here.Order());
        Assert.Equal([2], there);
    }

    /// <summary>A type that comes by a topic which its handler does not name is nobody's; an envelope handler of other topics changes nothing about that.</summary>
    [Fact]
    public async Task Message_ShouldBeADeadLetter_WhenNoHandlerNamesItsTopic()
    {
        var (seen, handled) = (new ConcurrentQueue<string>(), new ConcurrentQueue<int>());
        await using var service = await TestService.StartAsync(carillon => carillon
            .Subscription(subscription => subscription.UnhandledRetention = TimeSpan.Zero)
            .AddHandler(Audit(seen, "walk.*"))
            .AddHandler(Steps(handled, "step.taken")));

        await service.SendRawAsync(Stranger("step.taken", "step.measured"));
        await service.SendRawAsync(Step("walk.ended", 1));

        await Eventually.IsTrueAsync(async () =>
            (await service.DeadLetters.ListAsync(new DeadLetterQuery(), Cancellation)) is [{ Code: ErrorCodes.UnknownType, Envelope.Topic: "step.taken" }] && !seen.IsEmpty && service.InFlight == 0);
        Assert.Equal(["step.taken"], seen);
        Assert.Empty(handled);
    }

    [Fact]
    public async Task Start_ShouldTakeABatchHandlerBesideAnEnvelopeHandler_WhenTheirTopicsDoNotMeet()
    {
        var (seen, handled) = (new ConcurrentQueue<string>(), new ConcurrentQueue<int>());
        await using var service = await TestService.StartAsync(carillon => carillon.AddHandler(Audit(seen, "walk.>")).AddHandler(Batches(handled)));

        await service.Bus.PublishAsync(new StepTaken("w", 1), Cancellation);
        await service.Bus.PublishAsync(new WalkEnded("w"), Cancellation);

        await Eventually.IsTrueAsync(() => handled.Count == 1 && seen.Count == 1);
        Assert.Equal(["walk.ended"], seen);
    }

    [Fact]
    public async Task Start_ShouldBeRefused_WhenABatchHandlerStandsBesideAnEnvelopeHandlerOfItsTopic()
    {
        var refusal = await Assert.ThrowsAsync<CarillonConfigurationException>(
            () => TestService.StartAsync(carillon => carillon.AddHandler(Audit([], "*.taken")).AddHandler(Batches([]))));

        Assert.Equal(ErrorCodes.InvalidConfiguration, refusal.Code);
    }

    private static BatchHandlerDefinition<StepTaken> Batches(ConcurrentQueue<int> handled) => new(
        "Batches",
        new MessageDefinition<StepTaken>("step.taken", MessageKind.Event),
        10,
        (steps, _, _) =>
        {
            foreach (var step in steps)
                handled.Enqueue(step.Number);
            return ValueTask.CompletedTask;
        });

    private static Envelope Step(string topic, int number) => Stranger(topic, "step.taken") with
    {
        Id = EventId.Parse($"step-{number}"),
        Body = System.Text.Encoding.UTF8.GetBytes($$"""{"walker":"w","number":{{number}}}"""),
    };

    private static EnvelopeHandlerDefinition Audit(ConcurrentQueue<string> seen, string topic) => new("Audit", (envelope, _, _) =>
    {
        seen.Enqueue(envelope.Type!);
        return ValueTask.CompletedTask;
    })
    {
        Topics = [topic],
    };

    private static HandlerDefinition<StepTaken> Steps(ConcurrentQueue<int> handled, string topic) => new(
        "Steps",
        new MessageDefinition<StepTaken>("step.taken", MessageKind.Event),
        (step, _, _) =>
        {
            handled.Enqueue(step.Number);
            return ValueTask.CompletedTask;
        })
    {
        Topics = [topic],
    };

    private static Envelope Stranger(string topic, string type) => new()
    {
        Id = EventId.Parse("stranger-1"),
        Source = "/strangers",
        Type = type,
        Topic = topic,
        Time = DateTimeOffset.UnixEpoch,
        Body = "{}"u8.ToArray(),
    };
}
