using System.Text.Json;
using System.Threading.Channels;

namespace Carillon.Benchmarks;

/// <summary>What many publishers get that wait for their event to be durable, when one writer commits whatever is queued.</summary>
public sealed class GroupCommitLimit(string group, string folder, int writers)
    : Workload(group, $"limit: group commit, {writers} writers, FULL")
{
    private const int GroupSize = 512;

    public override async Task<RunResult> RunAsync(TimeSpan duration)
    {
        using var table = new EventTable(folder);
        var recorder = new LatencyRecorder();
        var queue = Channel.CreateUnbounded<(byte[] Body, TaskCompletionSource Stored)>(new() { SingleReader = true });
        var writing = Task.Run(() => WriteAsync(queue.Reader, table));
        var result = await Publishers.RunAsync(writers, duration, order => StoreAsync(queue.Writer, order, recorder), recorder, copies: 1);
        queue.Writer.Complete();
        await writing;
        return result;
    }

    private static async ValueTask StoreAsync(ChannelWriter<(byte[], TaskCompletionSource)> queue, OrderCreated order, LatencyRecorder recorder)
    {
        var stored = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await queue.WriteAsync((JsonSerializer.SerializeToUtf8Bytes(order, EventJson.Default.OrderCreated), stored));
        await stored.Task;
        recorder.Record(order.CreatedAt);
    }

    private static async Task WriteAsync(ChannelReader<(byte[] Body, TaskCompletionSource Stored)> queue, EventTable table)
    {
        var waiting = new List<TaskCompletionSource>(GroupSize);
        while (await queue.WaitToReadAsync())
        {
            table.Begin();
            while (waiting.Count < GroupSize && queue.TryRead(out var item))
            {
                table.Insert(item.Body);
                waiting.Add(item.Stored);
            }

            table.Commit();
            foreach (var stored in waiting)
                stored.SetResult();
            waiting.Clear();
        }
    }
}
