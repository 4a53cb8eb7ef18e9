using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carillon.Benchmarks;

/// <summary>
/// How fast the events of one key are parked behind a dead letter, and how fast they come back when it is replayed; beside each, what a bare table of
/// the same database takes in or gives up in transactions of as many rows.
/// </summary>
public sealed class HeldUpKey(BenchmarkArguments arguments)
{
    /// <summary>The user whose event fails.</summary>
    public const string First = "the first";

    private const int Batch = 1_000;
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(20);

    public async Task RunAsync()
    {
        var folder = Directory.CreateDirectory(Path.Combine(arguments.Folder, $"carillon-benchmark-{Guid.NewGuid():N}")).FullName;
        Console.WriteLine("| a key of N events, held up | N | parked/s | back/s |");
        Console.WriteLine("| --- | ---: | ---: | ---: |");
        var (inserted, deleted) = await new HeldUpLimit(arguments, folder).RunAsync(arguments.HeldUp);
        Print("limit: a bare table, 256 rows in a transaction", inserted, deleted);
        await RunProductAsync(folder);
        Directory.Delete(folder, recursive: true);
    }

    private async Task RunProductAsync(string folder)
    {
        var handler = new HeldUpHandler();
        using var host = Build(folder, handler);
        await host.StartAsync();
        await PublishAsync(host.Services.GetRequiredService<IEventBus>());
        var letters = host.Services.GetRequiredService<IDeadLetters>();
        var parked = await MeasureAsync(() => { handler.Begin(); return default; }, async () => (await letters.ListAsync(new DeadLetterQuery())) is [{ } dead] && dead.Waiting == arguments.HeldUp - 1);
        handler.IsMended = true;
        var letter = (await letters.ListAsync(new DeadLetterQuery()))[0];
        var back = await MeasureAsync(() => letters.ReplayAsync(letter.Id), () => ValueTask.FromResult(handler.Handled >= arguments.HeldUp));
        Print("Carillon", parked, back);
        await host.StopAsync();
    }

    private void Print(string name, TimeSpan parked, TimeSpan back) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"| {name} | {arguments.HeldUp:N0} | {arguments.HeldUp / parked.TotalSeconds:N0} | {arguments.HeldUp / back.TotalSeconds:N0} |"));

    private IHost Build(string folder, HeldUpHandler handler)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.AddCarillon("shop", carillon => (arguments.PostgreSql is { } server ? carillon.UsePostgreSql(server) : carillon.UseSqlite($"Data Source={Path.Combine(folder, "shop.db")}"))
            .UseJson(EventJson.Default)
            .Subscription(subscription => subscription.Retry(retry => retry.DoNotRetry<FormatException>()))
            .On<OrderCreated>(async (order, _) => await handler.HandleAsync(order)));
        return builder.Build();
    }

    private async Task PublishAsync(IEventBus bus)
    {
        var order = SampleEvents.Create(0);
        for (var published = 0; published < arguments.HeldUp; published += Batch)
        {
            var count = Math.Min(Batch, arguments.HeldUp - published);
            await bus.PublishBatchAsync([.. Enumerable.Range(published, count).Select(number => number == 0 ? order with { UserId = First } : order)]);
        }
    }

    private static async Task<TimeSpan> MeasureAsync(Func<ValueTask> begin, Func<ValueTask<bool>> isDone)
    {
        var began = Stopwatch.GetTimestamp();
        await begin();
        while (true)
        {
            var looked = Stopwatch.GetTimestamp();
            if (await isDone())
                return Stopwatch.GetElapsedTime(began);

            // Looking must not take what it looks at: counting a million rows takes a while.
            var took = Stopwatch.GetElapsedTime(looked) * 9;
            await Task.Delay(took > _look ? took : _look);
        }
    }
}
