using Carillon.Scheduling;
using Carillon.Testing.Network;

namespace Carillon.Testing.Stores;

/// <summary>The schedule of a simulated database.</summary>
internal sealed class SimulatedSchedule(ILink link, SimulatedDatabase database) : ISchedule
{
    /// <inheritdoc/>
    public async ValueTask AddAsync(IReadOnlyList<ScheduledMessage> messages, CancellationToken cancellation)
    {
        try
        {
            await link.CallAsync(ServerOperation.Park, () => Add(messages), cancellation);
        }
        catch (ConnectionLostException lost)
        {
            throw new PublishFailedException(ErrorCodes.PublishFailed, $"The connection was lost while messages were scheduled: {lost.Message}", isOutcomeUnknown: true, lost);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> CancelAsync(string source, EventId id, CancellationToken cancellation) => link.CallAsync(
        ServerOperation.Park,
        () =>
        {
            lock (database.Gate)
                return database.Schedule.Cancel(source, id, session: null);
        },
        cancellation);

    /// <inheritdoc/>
    public ValueTask<ScheduleRelease> ReleaseAsync(CancellationToken cancellation) => link.CallAsync(
        ServerOperation.Park,
        () =>
        {
            lock (database.Gate)
                return database.Schedule.Release();
        },
        cancellation);

    private bool Add(IReadOnlyList<ScheduledMessage> messages)
    {
        lock (database.Gate)
            database.Schedule.Add(messages);
        return true;
    }
}
