using System.Text.Json;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Benchmarks;

/// <summary>What the contexts alone cost: each transaction saves one row, nobody stores the event, and what was handled is not noted.</summary>
public sealed class PlainContexts(string group, string server, bool isPooled) : TransactionWorkload(group, $"limit: {ShopContexts.Name(isPooled)} alone, no messages", server)
{
    protected override async Task<RunResult> RunAsync(TimeSpan duration, LatencyRecorder recorder)
    {
        await using var services = new ServiceCollection().AddShopContexts(isPooled, (_, options) => options.UseNpgsql(Server)).BuildServiceProvider();
        var events = Channel.CreateUnbounded<byte[]>();
        var handling = Enumerable.Range(0, Publishers).Select(_ => Task.Run(() => HandleAsync(services, events.Reader, recorder))).ToArray();
        var result = await Benchmarks.Publishers.RunAsync(Publishers, duration, order => PublishAsync(services, events.Writer, order), recorder, copies: 1);
        events.Writer.Complete();
        await Task.WhenAll(handling);
        return result;
    }

    private static async ValueTask PublishAsync(IServiceProvider services, ChannelWriter<byte[]> events, OrderCreated order)
    {
        await using var scope = services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<ShopContext>();
        context.Orders.Add(new Order { Number = order.OrderId, Total = order.TotalAmount });
        await context.SaveChangesAsync();
        await events.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(order, EventJson.Default.OrderCreated));
    }

    private static async Task HandleAsync(IServiceProvider services, ChannelReader<byte[]> events, LatencyRecorder recorder)
    {
        await foreach (var body in events.ReadAllAsync())
        {
            var order = JsonSerializer.Deserialize(body, EventJson.Default.OrderCreated)!;
            await using var scope = services.CreateAsyncScope();
            var context = scope.ServiceProvider.GetRequiredService<ShopContext>();
            context.Reservations.Add(new Reservation { Number = order.OrderId, Total = order.TotalAmount });
            await context.SaveChangesAsync();
            recorder.Record(order.CreatedAt);
        }
    }
}
