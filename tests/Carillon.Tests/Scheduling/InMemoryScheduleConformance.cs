using Carillon.Conformance;
using Carillon.Scheduling;
using Carillon.Tests.Publishing;
using Carillon.Transports;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carillon.Tests.Scheduling;

public sealed class InMemoryScheduleConformance : ScheduleConformance
{
    private readonly PublishBatcherFixture _fixture = new PublishBatcherFixture().Start();
    private InMemorySchedule? _schedule;

    public InMemoryScheduleConformance() => _fixture.Sender.Answer = static (batch, _) => new([.. batch.Index()
        .Where(sent => sent.Item.Kind == MessageKind.Command)
        .Select(sent => new SendFailure(sent.Index, new PublishFailedException(ErrorCodes.NoCommandHandler, "nobody handles it")))]);

    protected override ValueTask<ISchedule> OpenScheduleAsync(TimeProvider time) =>
        new(_schedule ??= new InMemorySchedule(_fixture.Batcher, time, NullLogger.Instance));

    protected override ValueTask<IReadOnlyList<Envelope>> ReadPublishedAsync() =>
        new([.. _fixture.Sender.Batches.SelectMany(batch => batch).Where(message => message.Kind != MessageKind.Command)]);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _fixture.Dispose();
    }
}
