using System.Collections.Concurrent;
using Carillon.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Sqlite.Tests.DeadLetters;

/// <summary>What a process parked before it died, and had no time to write down as read, is handled once by the next one.</summary>
public sealed class ParkedCopiesTests : IDisposable
{
    private const int Others = 3_000;
    private const int Steps = 5;
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<WalkStep> _handled = new();
    private bool _isMended;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_ShouldBeHandledOnce_WhenTheyAreParkedAndDeliveredAgain()
    {
        using (var before = await StartAsync())
        {
            var bus = before.Services.GetRequiredService<IEventBus>();
            await Task.WhenAll(Enumerable.Range(0, Others).Select(async number => await bus.PublishAsync(new WalkStep($"k{number}", 0), Cancellation)));
            for (var step = 0; step < Steps; step++)
                await bus.PublishAsync(new WalkStep("failing", step), Cancellation);
            await Eventually.IsTrueAsync(() => Parked() == Steps && _handled.Count == Others, TimeSpan.FromSeconds(60));
            await before.StopAsync(Cancellation);
        }

        // As after a death: the cursors were written last before anything was handled.
        Database.Execute(_folder, "UPDATE carillon_leases SET cursor = 0");
        Database.Execute(_folder, "UPDATE carillon_parked SET due = 0");
        Volatile.Write(ref _isMended, true);
        _handled.Clear();
        using var after = await StartAsync();

        await Eventually.IsTrueAsync(() => _handled.Count >= Others + Steps && Parked() == 0 && Unread() == 0, TimeSpan.FromSeconds(60));
        Assert.Equal(Enumerable.Range(0, Steps), _handled.Where(step => step.Walker == "failing").Select(step => step.Number));
        Assert.Equal(Others + Steps, _handled.Count);
        await after.StopAsync(Cancellation);
    }

    public void Dispose() => _folder.Dispose();

    private long Parked() => Database.Number(_folder, "SELECT count(*) FROM carillon_parked");

    private long Unread() => Database.Number(_folder, "SELECT max(position) - (SELECT min(cursor) FROM carillon_leases) FROM carillon_messages");

    private async Task<IHost> StartAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        builder.AddCarillon("walks", carillon => carillon
            .UseSqlite(_folder.ConnectionString)
            .Subscription(subscription =>
            {
                subscription.Retries.ImmediateAttempts = 1;
                subscription.Retries.FirstDelay = subscription.Retries.MaxDelay = TimeSpan.FromHours(1);
            })
            .On<WalkStep>(step =>
            {
                if (step.Walker == "failing" && !Volatile.Read(ref _isMended))
                    throw new InvalidOperationException("the other service is away");
                _handled.Enqueue(step);
            }));
        var host = builder.Build();
        await host.StartAsync(Cancellation);
        return host;
    }
}
