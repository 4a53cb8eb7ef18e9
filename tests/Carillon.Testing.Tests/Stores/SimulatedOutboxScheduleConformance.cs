using Carillon.Conformance;
using Carillon.Scheduling;

namespace Carillon.Testing.Tests.Stores;

public sealed class SimulatedOutboxScheduleConformance : ScheduleConformance
{
    private StoreFixture? _store;

    protected override bool RefusesUnhandledCommands => false;

    protected override ValueTask<ISchedule> OpenScheduleAsync(TimeProvider time) => new((_store ??= new StoreFixture(time)).OpenSchedule());

    protected override ValueTask<IReadOnlyList<Envelope>> ReadPublishedAsync() => new(_store!.Messages);
}
