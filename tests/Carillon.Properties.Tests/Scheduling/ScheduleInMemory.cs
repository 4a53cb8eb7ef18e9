using Carillon.Properties.Tests.Generating;
using Carillon.Publishing;
using Carillon.Scheduling;
using Carillon.Transports;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carillon.Properties.Tests.Scheduling;

/// <summary>A schedule that lives as long as its process, over a transport that refuses commands.</summary>
internal sealed class ScheduleInMemory : IScheduleUnderTest, ITransportSender
{
    private readonly PublishBatcher _batcher = new(new PublisherOptions());
    private readonly List<Envelope> _published = [];

    private ScheduleInMemory(ShownTime time) => Schedule = new InMemorySchedule(_batcher, time, NullLogger.Instance);

    public ISchedule Schedule { get; }

    public static async Task<ScheduleInMemory> StartAsync(ShownTime time)
    {
        var started = new ScheduleInMemory(time);
        await started._batcher.StartAsync(started);
        return started;
    }

    public ValueTask<IReadOnlyList<SendFailure>?> SendAsync(ReadOnlyMemory<Envelope> batch, CancellationToken cancellation)
    {
        var refused = new List<SendFailure>();
        foreach (var (index, envelope) in batch.ToArray().Index())
        {
            if (envelope.Kind == MessageKind.Command)
                refused.Add(new SendFailure(index, new PublishFailedException(ErrorCodes.NoCommandHandler, "nobody handles it")));
            else
                _published.Add(envelope);
        }

        return new(refused);
    }

    public ValueTask<IReadOnlyList<Envelope>> ReadPublishedAsync()
    {
        Envelope[] published = [.. _published];
        _published.Clear();
        return new(published);
    }

    public ValueTask RestartAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _batcher.Dispose();
        return ValueTask.CompletedTask;
    }
}
