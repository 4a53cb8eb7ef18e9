namespace Carillon.SourceGenerator.Tests.Running;

/// <summary>Generated code at work: what handlers return is published as its own type, in order, and null is nothing.</summary>
public sealed class ReturnTests
{
    private static readonly Guid _id = new("6f9619ff-8b86-d011-b42d-00cf4fc964ff");

    [Theory]
    [InlineData("Shipped", "new(Id)", "Shipped")]
    [InlineData("Shipped?", "null", "")]
    [InlineData("Counted", "new(1)", "Counted")]
    [InlineData("Counted?", "new Counted(1)", "Counted")]
    [InlineData("Counted?", "null", "")]
    [InlineData("Task<Shipped>", "Task.FromResult(new Shipped(Id))", "Shipped")]
    [InlineData("Task<Counted?>", "Task.FromResult<Counted?>(null)", "")]
    [InlineData("ValueTask<Shipped?>", "new((Shipped?)null)", "")]
    [InlineData("ValueTask<Counted>", "new(new Counted(2))", "Counted")]
    [InlineData("IEnumerable<Shipped?>", "[new(Id), null, new(Id)]", "Shipped,Shipped")]
    [InlineData("IEnumerable<Shipped>?", "null", "")]
    [InlineData("Counted[]", "[new(1), new(2)]", "Counted,Counted")]
    [InlineData("List<Counted?>", "[new Counted(1), null]", "Counted")]
    [InlineData("System.Collections.Immutable.ImmutableArray<Counted>", "[new(1), new(2)]", "Counted,Counted")]
    [InlineData("Task<IReadOnlyList<Shipped>?>", "Task.FromResult<IReadOnlyList<Shipped>?>([new(Id)])", "Shipped")]
    [InlineData("(Shipped, Counted?)", "(new(Id), new Counted(1))", "Shipped,Counted")]
    [InlineData("(Shipped?, Counted?)", "(null, null)", "")]
    [InlineData("(Shipped, Counted)?", "null", "")]
    [InlineData("Task<(Counted, Shipped[])>", "Task.FromResult<(Counted, Shipped[])>((new(1), [new(Id), new(Id)]))", "Counted,Shipped,Shipped")]
    [InlineData("(Counted, Counted, Counted, Counted, Counted, Counted, Counted, Counted, Shipped)", "(new(1), new(1), new(1), new(1), new(1), new(1), new(1), new(1), new(Id))", "Counted,Counted,Counted,Counted,Counted,Counted,Counted,Counted,Shipped")]
    [InlineData("IOutcome?", "new Counted(3)", "Counted")]
    [InlineData("IOutcome?", "null", "")]
    [InlineData("object", "new Shipped(Id)", "Shipped")]
    [InlineData("IEnumerable<object>", "[new Shipped(Id), new Counted(1), new Pack(1)]", "Shipped,Counted,Pack")]
    [InlineData("Pack", "new PackCarefully(1, \"paper\")", "PackCarefully")]
    [InlineData("Pack", "new Pack(1)", "Pack")]
    [InlineData("IAsyncEnumerable<IOutcome>", "Stream()", "Shipped,Counted")]
    public async Task Result_ShouldBePublished_WhenItHoldsMessages(string type, string value, string expected)
    {
        using var handlers = CompiledHandlers.Compile($$"""
            public static class H
            {
                private static readonly Guid Id = new("{{_id}}");
                [Handler] public static {{type}} On(Placed placed) => {{value}};
                public static async IAsyncEnumerable<IOutcome> Stream() { yield return new Shipped(Id); await Task.Yield(); yield return new Counted(1); }
            }
            """).Add();

        var returned = await handlers.RunAsync(new Sample.Placed("1"));

        Assert.Equal(expected, string.Join(',', returned.Select(item => item.Type.Name)));
        Assert.All(returned, item => Assert.Equal(item.Type, item.Message.GetType()));
    }

    [Fact]
    public async Task Result_ShouldBeRefused_WhenItIsOfATypeWithoutName()
    {
        using var handlers = CompiledHandlers.Compile("public static class H { [Handler] public static IOutcome On(Placed placed) => new Stranger(); }").Add();

        var error = await Assert.ThrowsAsync<CarillonException>(() => handlers.RunAsync(new Sample.Placed("1")));

        Assert.Equal(ErrorCodes.NotAMessage, error.Code);
        Assert.Contains("H.On(Sample.Placed)", error.Message, StringComparison.Ordinal);
        Assert.Contains("Stranger", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("void", "throw new InvalidTimeZoneException()")]
    [InlineData("Task", "Task.FromException(new InvalidTimeZoneException())")]
    [InlineData("ValueTask<Shipped>", "ValueTask.FromException<Shipped>(new InvalidTimeZoneException())")]
    [InlineData("IEnumerable<Shipped>", "throw new InvalidTimeZoneException()")]
    public async Task Exception_ShouldReachTheCaller_WhenAHandlerThrows(string type, string value)
    {
        using var handlers = CompiledHandlers.Compile($"public static class H {{ [Handler] public static {type} On(Placed placed) => {value}; }}").Add();

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => handlers.RunAsync(new Sample.Placed("1")));
    }

    [Fact]
    public async Task Stream_ShouldBeCancelled_WhenTheRunIs()
    {
        using var handlers = CompiledHandlers.Compile("""
            public static class H
            {
                [Handler] public static IAsyncEnumerable<Counted> On(Placed placed) => Stream();

                private static async IAsyncEnumerable<Counted> Stream([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation = default)
                {
                    yield return new(1);
                    await Task.Delay(Timeout.Infinite, cancellation);
                }
            }
            """).Add();
        using var stop = new CancellationTokenSource();
        var context = handlers.CreateContext(stop.Token);
        var run = handlers.Builder.Handlers.Single().InvokeAsync(new Sample.Placed("1"), context, stop.Token).AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Single(context.Returned);
    }
}
