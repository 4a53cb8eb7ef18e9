using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>Says now and then that a running instance still asks for its topics. Leases do not wait for it.</summary>
internal sealed class DeclarationKeeper(Database database, long number, SubscriptionTopology subscription)
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Until cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        if (subscription.Source is not null)
            return;
        await Task.Yield();
        var patience = new LoopPatience(database, "renewing declarations");
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Pause, database.Time, stopping);
                var retired = await database.WriteAsync(new DeclarationRenewal(number, subscription), stopping);
                if (retired.Count > 0)
                    database.Logger.TopicsRetired(subscription.Name, string.Join(", ", retired), subscription.UnhandledRetention);
                patience.Succeeded();
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                await patience.AfterFailureAsync(e, stopping);
            }
        }
    }

    private TimeSpan Pause
    {
        get
        {
            var pause = subscription.UnhandledRetention / 24;
            return pause > Longest ? Longest : pause < database.LeaseTime / 3 ? database.LeaseTime / 3 : pause;
        }
    }
}
