using System.Collections.Concurrent;
using Carillon.Sqlite.Tests.DeadLetters;
using Carillon.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Sqlite.Tests;

/// <summary>A key with a long backlog leaves room for others, and is read again from the log in its order, also by the next process.</summary>
public sealed class HotKeyTests : IDisposable
{
    private const int Hot = 10_000;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<int> _hot = new();
    private readonly ConcurrentQueue<int> _cold = new();
    private readonly TaskCompletionSource _release = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Handling_ShouldNotHoldOtherKeysUp_WhenTenThousandOfOneKeyWait()
    {
        using (var host = await StartAsync())
        {
            var bus = host.Services.GetRequiredService<IEventBus>();
            await bus.PublishBatchAsync<WalkStep>([.. Enumerable.Range(0, Hot).Select(number => new WalkStep("hot", number))], cancellation: Cancellation);
            for (var number = 0; number < 50; number++)
                await bus.PublishAsync(new WalkStep($"cold-{number}", number), Cancellation);

            await Eventually.IsTrueAsync(() => _cold.Count == 50, _patience, "the other keys to be handled while the first message of the hot one is");
            using var grace = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            await host.StopAsync(grace.Token);
        }

        Assert.Empty(_hot);
        _release.SetResult();
        using var next = await StartAsync();
        await Eventually.IsTrueAsync(() => _hot.Count >= Hot, _patience, "the hot key to be handled by the next process");
        Assert.Equal(Enumerable.Range(0, Hot), _hot);
        await Eventually.IsTrueAsync(
            () => Database.Number(_folder, "SELECT max(position) - (SELECT min(cursor) FROM carillon_leases) FROM carillon_messages") == 0, _patience, "the cursors to get to the end");
        Assert.Equal(50, _cold.Count);
        await next.StopAsync(Cancellation);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<IHost> StartAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        builder.AddCarillon("walks", carillon => carillon.UseSqlite(_folder.ConnectionString).On<WalkStep>(async (step, context) =>
        {
            if (step.Walker != "hot")
            {
                _cold.Enqueue(step.Number);
                return;
            }

            await _release.Task.WaitAsync(context.Cancellation);
            _hot.Enqueue(step.Number);
        }));
        var host = builder.Build();
        await host.StartAsync(Cancellation);
        return host;
    }
}
