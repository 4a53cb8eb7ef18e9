using System.Collections.Concurrent;
using Carillon.Sqlite.Tests.Durability;
using Carillon.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Sqlite.Tests.Scheduling;

/// <summary>Delayed events with the schedule in the file: due within a second, whatever happens to the process and its clock.</summary>
public sealed class DelayedEventTests : IDisposable
{
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(5);

    private readonly TemporaryFolder _folder = new();
    private readonly MovableClock _clock = new();
    private readonly ConcurrentQueue<(int Amount, DateTimeOffset At)> _handled = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IEnumerable<int> Amounts => _handled.Select(item => item.Amount);

    [Fact]
    public async Task ScheduleAsync_ShouldDeliverWithinItsSecond_WhenManyAreDueAtDifferentTimes()
    {
        await using var service = await StartAsync();
        var start = _clock.GetUtcNow().AddSeconds(1);

        await Task.WhenAll(Enumerable.Range(0, 200).Select(number =>
            service.Bus.ScheduleAsync(new MoneyReceived($"a{number}", number), start.AddMilliseconds(number * 10), cancellation: Cancellation).AsTask()));

        await Eventually.IsTrueAsync(() => _handled.Count >= 200);
        var late = _handled.Select(item => item.At - start.AddMilliseconds(item.Amount * 10)).Order().ToArray();
        TestContext.Current.SendDiagnosticMessage($"late by {late[100].TotalMilliseconds} ms (median), {late[^1].TotalMilliseconds} ms (most)");
        Assert.Equal(Enumerable.Range(0, 200), Amounts.Order());
        Assert.All(late, lateness => Assert.InRange(lateness, TimeSpan.Zero, Generous));
    }

    [Fact]
    public async Task CancelScheduledAsync_ShouldSayWhetherItWasInTime_WhenAskedBeforeAndAfter()
    {
        await using var service = await StartAsync();
        var soon = _clock.GetUtcNow().AddMilliseconds(300);

        var cancelled = await service.Bus.ScheduleAsync(new MoneyReceived("a", 1), soon, cancellation: Cancellation);
        var kept = await service.Bus.ScheduleAsync(new MoneyReceived("a", 2), soon, cancellation: Cancellation);
        Assert.True(await service.Bus.CancelScheduledAsync(cancelled, Cancellation));
        await Eventually.IsTrueAsync(() => !_handled.IsEmpty);

        Assert.False(await service.Bus.CancelScheduledAsync(cancelled, Cancellation));
        Assert.False(await service.Bus.CancelScheduledAsync(kept, Cancellation));
        Assert.Equal([2], Amounts);
    }

    [Fact]
    public async Task ScheduleAsync_ShouldLeaveNothing_WhenTheUnitOfWorkRollsBack()
    {
        await using var service = await StartAsync();
        var soon = _clock.GetUtcNow().AddMilliseconds(100);
        var standing = await service.Bus.ScheduleAsync(new MoneyReceived("a", 7), soon, cancellation: Cancellation);

        await using (var work = await service.Bus.BeginAsync(cancellation: Cancellation))
        {
            await service.Bus.ScheduleAsync(new MoneyReceived("a", 1), soon, cancellation: Cancellation);
            await service.Bus.ScheduleAsync(new MoneyReceived("a", 2), soon.AddDays(-1), cancellation: Cancellation);
            Assert.True(await service.Bus.CancelScheduledAsync(standing, Cancellation));
        }

        await service.Bus.ScheduleAsync(new MoneyReceived("a", 3), soon.AddMilliseconds(1), cancellation: Cancellation);
        await Eventually.IsTrueAsync(() => _handled.Count >= 2);
        Assert.Equal([7, 3], Amounts);
    }

    [Fact]
    public async Task ScheduleAsync_ShouldJoinTheUnitOfWork_WhenItCommits()
    {
        await using var service = await StartAsync();
        var soon = _clock.GetUtcNow().AddMilliseconds(100);
        var standing = await service.Bus.ScheduleAsync(new MoneyReceived("a", 7), soon, cancellation: Cancellation);

        await using (var work = await service.Bus.BeginAsync(cancellation: Cancellation))
        {
            await service.Bus.ScheduleAsync(new MoneyReceived("a", 1), soon, cancellation: Cancellation);
            await service.Bus.ScheduleAsync(new MoneyReceived("a", 0), soon.AddDays(-1), cancellation: Cancellation);
            var own = await service.Bus.ScheduleAsync(new MoneyReceived("a", 8), soon, cancellation: Cancellation);
            Assert.True(await service.Bus.CancelScheduledAsync(own, Cancellation));
            Assert.True(await service.Bus.CancelScheduledAsync(standing, Cancellation));
            Assert.False(await service.Bus.CancelScheduledAsync(EventId.Parse("another"), Cancellation));
            await work.CommitAsync(Cancellation);
        }

        await service.Bus.ScheduleAsync(new MoneyReceived("a", 3), soon.AddMilliseconds(1), cancellation: Cancellation);
        await Eventually.IsTrueAsync(() => _handled.Count >= 3);
        Assert.Equal([0, 1, 3], Amounts);
    }

    [Fact]
    public async Task Schedule_ShouldDeliverWhatBecameDueMeanwhile_WhenTheHostStartsAgain()
    {
        await using (var before = await StartAsync())
        {
            for (var number = 0; number < 1_200; number++)
                await before.Bus.ScheduleAsync(new MoneyReceived("a", number), _clock.GetUtcNow().AddHours(1), cancellation: Cancellation);
        }

        Assert.Empty(_handled);
        _clock.Jump(TimeSpan.FromHours(2));
        await using var after = await StartAsync();

        await Eventually.IsTrueAsync(() => _handled.Count >= 1_200);
        Assert.Equal(Enumerable.Range(0, 1_200), Amounts);
    }

    [Fact]
    public async Task Schedule_ShouldNeitherLoseNorRepeat_WhenTheClockJumpsBackAndForth()
    {
        await using var service = await StartAsync();
        var start = _clock.GetUtcNow();
        for (var number = 0; number < 900; number++)
            await service.Bus.ScheduleAsync(new MoneyReceived("a", number), start.AddHours(2).AddSeconds(number), cancellation: Cancellation);

        _clock.Jump(TimeSpan.FromHours(-5));
        _clock.Jump(TimeSpan.FromHours(7) + TimeSpan.FromSeconds(600));
        await Eventually.IsTrueAsync(() => _handled.Count >= 600);
        _clock.Jump(TimeSpan.FromHours(-3));
        _clock.Jump(TimeSpan.FromHours(9));

        await Eventually.IsTrueAsync(() => _handled.Count >= 900);
        Assert.Equal(Enumerable.Range(0, 900), Amounts);
    }

    [Fact]
    public async Task Schedule_ShouldDeliverOnce_WhenTwoServicesShareTheFile()
    {
        await using var service = await StartAsync();
        await using var other = await StartAsync("other");
        var soon = _clock.GetUtcNow().AddMilliseconds(500);

        await Task.WhenAll(Enumerable.Range(0, 300).Select(number =>
            (number % 2 == 0 ? service : other).Bus.ScheduleAsync(new MoneyReceived($"a{number}", number), soon, cancellation: Cancellation).AsTask()));

        await Eventually.IsTrueAsync(() => _handled.Count >= 300);
        Assert.Equal(Enumerable.Range(0, 300), Amounts.Order());
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Starts a service on the file; the first one, <c>ledger</c>, handles.</summary>
    private async Task<RunningService> StartAsync(string name = "ledger")
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        builder.Services.AddSingleton<TimeProvider>(_clock);
        builder.AddCarillon(name, carillon =>
        {
            carillon.UseSqlite(_folder.ConnectionString);
            if (name == "ledger")
                carillon.On<MoneyReceived>(money => _handled.Enqueue((money.Amount, _clock.GetUtcNow())));
        });
        var host = builder.Build();
        await host.StartAsync(Cancellation);
        return new RunningService(host);
    }

    private sealed class RunningService(IHost host) : IAsyncDisposable
    {
        public IEventBus Bus => host.Services.GetRequiredService<IEventBus>();

        public async ValueTask DisposeAsync()
        {
            await host.StopAsync(CancellationToken.None);
            await ((IAsyncDisposable)host).DisposeAsync();
        }
    }
}
