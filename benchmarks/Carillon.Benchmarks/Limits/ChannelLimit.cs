using System.Text.Json;
using System.Threading.Channels;

namespace Carillon.Benchmarks;

/// <summary>
/// What a bounded channel of .NET does with the same events, 8 publishers and as many readers as cores: nothing in memory that keeps a bound can
/// be faster. Serialised, each event becomes JSON once and is read by every subscription.
/// </summary>
public sealed class ChannelLimit(string group, int subscriptions, bool isSerialized)
    : Workload(group, $"limit: Channel<T>, {(isSerialized ? "System.Text.Json both ways" : "no serialisation")}")
{
    private const int Writers = 8;
    private const int Capacity = 10_000;

    public override async Task<RunResult> RunAsync(TimeSpan duration)
    {
        var recorder = new LatencyRecorder();
        var channels = Enumerable.Range(0, subscriptions).Select(_ => Channel.CreateBounded<object>(Capacity)).ToArray();
        var readersEach = subscriptions == 1 && isSerialized ? Environment.ProcessorCount : 1;
        var readers = channels.SelectMany(channel => Enumerable.Range(0, readersEach).Select(_ => Task.Run(() => ReadAsync(channel.Reader, recorder)))).ToArray();
        var result = await Publishers.RunAsync(Writers, duration, order => WriteAsync(channels, order), recorder, subscriptions);
        foreach (var channel in channels)
            channel.Writer.Complete();
        await Task.WhenAll(readers);
        return result;
    }

    private async ValueTask WriteAsync(Channel<object>[] channels, OrderCreated order)
    {
        object item = isSerialized ? JsonSerializer.SerializeToUtf8Bytes(order, EventJson.Default.OrderCreated) : order;
        foreach (var channel in channels)
            await channel.Writer.WriteAsync(item);
    }

    private static async Task ReadAsync(ChannelReader<object> reader, LatencyRecorder recorder)
    {
        await foreach (var item in reader.ReadAllAsync())
        {
            var order = item as OrderCreated ?? JsonSerializer.Deserialize((byte[])item, EventJson.Default.OrderCreated)!;
            recorder.Record(order.CreatedAt);
        }
    }
}
