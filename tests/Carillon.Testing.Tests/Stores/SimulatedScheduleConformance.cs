using Carillon.Conformance;
using Carillon.Scheduling;

namespace Carillon.Testing.Tests.Stores;

public sealed class SimulatedScheduleConformance : ScheduleConformance
{
    private StoreFixture? _store;

    protected override ValueTask<ISchedule> OpenScheduleAsync(TimeProvider time) => new((_store ??= new StoreFixture(time, isOutbox: false)).OpenSchedule());

    protected override ValueTask<IReadOnlyList<Envelope>> ReadPublishedAsync() => new(_store!.Messages);
}
