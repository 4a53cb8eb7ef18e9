using System.Collections.Concurrent;
using Carillon.Tests;

namespace Carillon.PostgreSql.Tests.Receiving;

/// <summary>A key with a long backlog leaves room for others, and is read again from the log in its order.</summary>
public sealed class HotKeyTests : DatabaseTests
{
    private const int Hot = 10_000;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Handling_ShouldNotHoldOtherKeysUp_WhenTenThousandOfOneKeyWait()
    {
        var (hot, cold, release) = (new ConcurrentQueue<long>(), new ConcurrentQueue<long>(), new TaskCompletionSource());
        await using var host = await ServiceHost.StartAsync("traffic", Database.ConnectionString, carillon => carillon.On<Moved>(async moved =>
        {
            if (moved.Account != "hot")
            {
                cold.Enqueue(moved.Version);
                return;
            }

            await release.Task;
            hot.Enqueue(moved.Version);
        }));
        await host.Bus.PublishBatchAsync<Moved>([.. Enumerable.Range(0, Hot).Select(number => new Moved("hot", number))], cancellation: Cancellation);
        for (var number = 0; number < 50; number++)
            await host.Bus.PublishAsync(new Moved($"cold-{number}", number), Cancellation);

        await Eventually.IsTrueAsync(() => cold.Count == 50, _patience, "the other keys to be handled while the first message of the hot one is");
        release.SetResult();
        await Eventually.IsTrueAsync(() => hot.Count >= Hot, _patience, "the hot key to be handled");

        Assert.Equal(Enumerable.Range(0, Hot).Select(static number => (long)number), hot);
        Assert.Equal(50, cold.Count);
    }
}
