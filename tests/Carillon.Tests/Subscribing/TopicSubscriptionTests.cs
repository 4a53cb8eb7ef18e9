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
