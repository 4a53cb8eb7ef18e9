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
            await link.CallAsync(ServerOperation.Park, waiting => AddAtServerAsync(messages, waiting), cancellation);
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
            var transaction = Begin();
            var isCancelled = transaction.Cancel(source, id);
            transaction.Commit();
            return isCancelled;
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

    private async ValueTask<bool> AddAtServerAsync(IReadOnlyList<ScheduledMessage> messages, CancellationToken cancellation)
    {
        var transaction = Begin();
        try
        {
            await transaction.ScheduleAsync(messages, link.Time, cancellation);
            transaction.Commit();
            return true;
        }
        finally
        {
            transaction.Rollback();
        }
    }

    private StoreSession Begin() => database.Begin(link.Client, rows: null, ended: static () => { });
}
