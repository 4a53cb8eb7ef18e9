using Carillon.SourceGenerator.Tests.Compiling;

namespace Carillon.SourceGenerator.Tests.Diagnostics;

public sealed class UnitOfWorkDiagnosticTests
{
    [Theory]
    [InlineData("public async Task<IUnitOfWork> Begin() => await [|bus.BeginAsync()|];")]
    [InlineData("public async ValueTask<IUnitOfWork> Begin() { return await [|bus.BeginAsync()|].ConfigureAwait(false); }")]
    [InlineData("public async Task<IUnitOfWork> Begin() { var work = await [|bus.BeginAsync()|]; await Task.Yield(); return work; }")]
    [InlineData("public async Task<IAsyncDisposable> Begin() { IUnitOfWork work; work = await [|bus.BeginAsync()|]; return work; }")]
    [InlineData("public async Task Begin() => _work = await [|bus.BeginAsync()|];")]
    [InlineData("public async Task Begin() { var work = await [|bus.BeginAsync()|]; _work = work; }")]
    [InlineData("public async Task<Session> Begin() => new Session(await [|bus.BeginAsync()|]);")]
    [InlineData("public async Task<(IUnitOfWork, int)> Begin() { var work = await [|bus.BeginAsync()|]; return (work, 1); }")]
    [InlineData("public Func<Task<IUnitOfWork>> Begin() => async () => await [|bus.BeginAsync()|];")]
    [InlineData("public Task Begin() { return Inner(); async Task<IUnitOfWork> Inner() => await [|bus.BeginAsync()|].AsTask(); }")]
    public Task Beginning_ShouldBeCRL0018_WhenAnAsyncMethodHandsTheUnitOfWorkOut(string method) => AnalyzerRun.AssertAsync("CRL0018", In(method));

    [Theory]
    [InlineData("public ValueTask<IUnitOfWork> Begin() => bus.BeginAsync();")]
    [InlineData("public Task<IUnitOfWork> Begin() { return bus.BeginAsync().AsTask(); }")]
    [InlineData("public async Task Run() { await using var work = await bus.BeginAsync(); await work.CommitAsync(); }")]
    [InlineData("public async Task Run() { var work = await bus.BeginAsync(); try { await Use(work); await work.CommitAsync(); } finally { await work.DisposeAsync(); } }")]
    [InlineData("public async Task<object> Run() { await using var work = await bus.BeginAsync(); return await Use(work); }")]
    [InlineData("public async Task Run() { await using (var work = await bus.BeginAsync()) { Func<object> later = () => { return work; }; await work.CommitAsync(); } }")]
    [InlineData("public async Task<IUnitOfWork> Run() => await Other.BeginAsync();")]
    public Task Beginning_ShouldBeClean_WhenTheUnitOfWorkStaysOrItsTaskIsHandedOn(string method) => AnalyzerRun.AssertCleanAsync(In(method));

    private static string In(string method) => $$"""
        public sealed class Session(IUnitOfWork work) { public IUnitOfWork Work => work; }
        public static class Other { public static Task<IUnitOfWork> BeginAsync() => throw new NotSupportedException(); }
        public sealed class P(IEventBus bus)
        {
            private IUnitOfWork? _work;
            public IUnitOfWork? Work => _work;
            public static Task<object> Use(IUnitOfWork work) => Task.FromResult<object>(1);
            {{method}}
        }
        """;
}
