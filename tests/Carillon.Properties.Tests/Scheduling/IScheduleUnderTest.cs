using Carillon.Scheduling;

namespace Carillon.Properties.Tests.Scheduling;

/// <summary>A schedule and what comes out of it.</summary>
internal interface IScheduleUnderTest : IAsyncDisposable
{
    ISchedule Schedule { get; }

    /// <summary>What was published since the last call, in its order.</summary>
    ValueTask<IReadOnlyList<Envelope>> ReadPublishedAsync();

    /// <summary>Ends the process and starts another one, where the schedule survives that.</summary>
    ValueTask RestartAsync();
}
