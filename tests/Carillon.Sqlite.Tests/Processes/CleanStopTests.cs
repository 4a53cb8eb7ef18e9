using Carillon.Sqlite.Tests.Durability;
using Carillon.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Sqlite.Tests;

/// <summary>Whoever stops cleanly has not died, whatever its handlers do (G5).</summary>
public sealed class CleanStopTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Handling_ShouldMakeNoDeadLetter_WhenEachStopLeavesItsHandlerBehind()
    {
        var (begun, isOver) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        for (var life = 1; life <= 3; life++)
        {
            using var host = Build(async _ =>
            {
                Interlocked.Increment(ref begun);
                await isOver.Task;
            });
            await host.StartAsync(Cancellation);
            if (life == 1)
                await host.Services.GetRequiredService<IEventBus>().PublishAsync(new MoneyReceived("a", 1), Cancellation);
            await Eventually.IsTrueAsync(() => Volatile.Read(ref begun) == life, TimeSpan.FromSeconds(60));
            await StopAsync(host);
        }

        var handled = 0;
        using var last = Build(_ =>
        {
            Interlocked.Increment(ref handled);
            return Task.CompletedTask;
        });
        await last.StartAsync(Cancellation);
        await Eventually.IsTrueAsync(async () => Volatile.Read(ref handled) == 1 || (await ListAsync(last)).Count > 0, TimeSpan.FromSeconds(60));
        Assert.Empty(await ListAsync(last));
        isOver.SetResult();
        await StopAsync(last);
    }

    private static async Task<IReadOnlyList<DeadLetter>> ListAsync(IHost host) =>
        await host.Services.GetRequiredService<IDeadLetters>().ListAsync(new DeadLetterQuery(), Cancellation);

    private static async Task StopAsync(IHost host)
    {
        await host.StopAsync(Cancellation);
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    private IHost Build(Func<MoneyReceived, Task> handle)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        builder.AddCarillon("ledger", carillon => carillon
            .UseSqlite(_folder.ConnectionString, static options => options.LeaseTime = options.BusyTimeout = TimeSpan.FromSeconds(1))
            .On<MoneyReceived>((money, _) => handle(money)));
        return builder.Build();
    }
}
