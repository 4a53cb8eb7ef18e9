using System.Reflection;
using Carillon.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Docs.Tests;

/// <summary>What a page shows about dead letters does what the page says, with more of them than one answer holds.</summary>
public sealed class DeadLetterDeskTests
{
    private const int Letters = 150;

    [Fact]
    public async Task ReplayAll_ShouldReplayEveryLetter_WhenThereAreManyAndSomebodyElseReplaysOne()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (isBroken, handled) = (true, 0);
        await using var app = CarillonApp.Create().On<Rung>(_ =>
        {
            if (Volatile.Read(ref isBroken))
                throw new InvalidOperationException("broken");
            Interlocked.Increment(ref handled);
        });
        app.Configure(carillon => carillon.Subscription(subscription => subscription.Retry(retry => retry.DoNotRetry<InvalidOperationException>().WaitsForOutages = false)));
        await app.StartAsync(cancellation);
        var letters = app.Services.GetRequiredService<IDeadLetters>();
        for (var number = 0; number < Letters; number++)
            await app.Bus.PublishAsync(new Rung($"bell-{number}"), cancellation);
        await Eventually.IsTrueAsync(async () => await letters.CountAsync(new DeadLetterQuery(), cancellation) == Letters);
        Volatile.Write(ref isBroken, false);

        await ReplayAllAsync(new SharedDesk(letters), cancellation);

        await Eventually.IsTrueAsync(() => Volatile.Read(ref handled) == Letters);
        Assert.Equal(0, await letters.CountAsync(new DeadLetterQuery(), cancellation));
    }

    private static async Task ReplayAllAsync(IDeadLetters letters, CancellationToken cancellation)
    {
        var (path, lines) = Pages.All().Single(page => page.Path.EndsWith("retries-and-dead-letters.md", StringComparison.Ordinal));
        var desk = SnippetCompiler.Load(Pages.Snippets(path, lines).Single(snippet => snippet.Code.Contains("class DeadLetterDesk", StringComparison.Ordinal))).GetType("DeadLetterDesk")!;
        await (Task)desk.InvokeMember("ReplayAllAsync", BindingFlags.InvokeMethod | BindingFlags.Public | BindingFlags.Instance, null, Activator.CreateInstance(desk, letters), ["app", cancellation], null)!;
    }

    [Event("bell.rung")]
    internal sealed record Rung([property: Key] string Bell);

    /// <summary>Somebody else replays the first letter between the list and its use.</summary>
    private sealed class SharedDesk(IDeadLetters letters) : IDeadLetters
    {
        private bool _isFirst = true;

        public ValueTask<IReadOnlyList<DeadLetter>> ListAsync(DeadLetterQuery query, CancellationToken cancellation = default) => letters.ListAsync(query, cancellation);

        public ValueTask<long> CountAsync(DeadLetterQuery query, CancellationToken cancellation = default) => letters.CountAsync(query, cancellation);

        public ValueTask<DeadLetter?> FindAsync(long id, CancellationToken cancellation = default) => letters.FindAsync(id, cancellation);

        public async ValueTask ReplayAsync(long id, CancellationToken cancellation = default)
        {
            if (_isFirst)
            {
                _isFirst = false;
                await letters.ReplayAsync(id, cancellation);
            }

            await letters.ReplayAsync(id, cancellation);
        }

        public ValueTask DiscardAsync(long id, CancellationToken cancellation = default) => letters.DiscardAsync(id, cancellation);
    }
}
