using Carillon.SourceGenerator.Tests.Compiling;

namespace Carillon.SourceGenerator.Tests.Diagnostics;

public sealed class PublishDiagnosticTests
{
    private const string Messages = """
        public interface IFact;
        [Event("fact")] public sealed record Fact(int Number) : IFact;
        [Command("do")] public sealed record Do(int Number);
        public sealed record Plain(int Number);

        """;

    [Theory]
    [InlineData("bus.PublishAsync([|new Plain(1)|])")]
    [InlineData("bus.SendAsync([|new Plain(1)|])")]
    [InlineData("bus.PublishBatchAsync([|new Plain[0]|])")]
    [InlineData("local.RaiseAsync([|new Plain(1)|])")]
    [InlineData("bus.PublishOutsideAsync([|new Plain(1)|])")]
    [InlineData("bus.ScheduleAsync([|new Plain(1)|], DateTimeOffset.MaxValue)")]
    [InlineData("context.ReturnAsync([|new Plain(1)|])")]
    [InlineData("Now(() => shop.Publish([|new Plain(1)|]))")]
    [InlineData("Now(() => shop.Send([|new Plain(1)|]))")]
    [InlineData("Now(() => DbContextPublishingExtensions.Send(shop, [|new Plain(1)|]))")]
    public Task Publishing_ShouldBeCRL0003_WhenTheTypeHasNoName(string call) => AnalyzerRun.AssertAsync("CRL0003", Method(call));

    [Theory]
    [InlineData("bus.PublishAsync<IFact>([|new Fact(1)|])")]
    [InlineData("bus.PublishAsync<object>([|new Fact(1)|])")]
    [InlineData("bus.PublishAsync([|new Do(1)|])")]
    [InlineData("bus.PublishBatchAsync([|new[] { new Do(1) }|])")]
    [InlineData("bus.SendAsync([|new Fact(1)|])")]
    [InlineData("local.RaiseAsync([|new Do(1)|])")]
    [InlineData("bus.PublishOutsideAsync([|new Do(1)|])")]
    [InlineData("bus.ScheduleAsync<IFact>([|new Fact(1)|], DateTimeOffset.MaxValue)")]
    [InlineData("Now(() => shop.Publish([|new Do(1)|]))")]
    [InlineData("Now(() => shop?.Publish([|new Do(1)|]))")]
    [InlineData("Now(() => shop.Send([|new Fact(1)|]))")]
    [InlineData("Now(() => shop.Send(options: new PublishOptions(), [|message: new Fact(1)|]))")]
    public Task Publishing_ShouldBeCRL0013_WhenTheTypeIsABaseOrTheWrongKind(string call) => AnalyzerRun.AssertAsync("CRL0013", Method(call));

    [Theory]
    [InlineData("bus.PublishAsync(new Fact(1))")]
    [InlineData("bus.PublishBatchAsync([new Fact(1)])")]
    [InlineData("bus.SendAsync(new Do(1))")]
    [InlineData("local.RaiseAsync(new Fact(1))")]
    [InlineData("bus.PublishOutsideAsync(new Fact(1))")]
    [InlineData("bus.ScheduleAsync(new Fact(1), DateTimeOffset.MaxValue)")]
    [InlineData("bus.ScheduleAsync(new Do(1), DateTimeOffset.MaxValue)")]
    [InlineData("context.ReturnAsync(new Do(1))")]
    [InlineData("Now(() => shop.Publish(new Fact(1)))")]
    [InlineData("Now(() => shop.Send(new Do(1)))")]
    [InlineData("Now(() => other.Publish(new Plain(1)))")]
    [InlineData("Any(bus, new Fact(1))")]
    public Task Publishing_ShouldBeClean_WhenNothingIsWrong(string call) => AnalyzerRun.AssertCleanAsync(Method(call));

    private static string Method(string call) => $$"""
        {{Messages}}
        public static class P
        {
            public static object Run(IEventBus bus, ILocalEventBus local, EventContext context, Microsoft.EntityFrameworkCore.DbContext shop, Other other) => {{call}};
            public static ValueTask Any<T>(IEventBus bus, T message) where T : notnull => bus.PublishAsync(message);
            public static object Now(Action act) => act;
        }

        public sealed class Other
        {
            public void Publish<T>(T message) { }
        }
        """;
}
