namespace Carillon.KillTests;

/// <summary>
/// The handlers: each writes down what happened; the first publishes what the second waits for. Now and then one fails, takes its time, or, where
/// that is wanted, never comes back.
/// </summary>
internal sealed class Ledger(IEffects effects, RoleSettings settings)
{
    private const double FailureShare = 0.06;
    private const double SlowShare = 0.2;
    private const double HangingShare = 0.02;
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(15);
    private readonly Random _random = new(settings.Seed);
    private readonly Dependency _dependency = new(settings.Folder);
    private readonly Lock _gate = new();

    public async Task BookAsync(IMovement movement, EventContext context)
    {
        await HappenAsync(Subscriptions.Ledger, movement.Account, movement.Version, context);
        await effects.PublishAsync(new Booked(movement.Account, movement.Version), context);
    }

    public async Task AuditAsync(Booked booked, EventContext context) =>
        await HappenAsync(Subscriptions.Audit, booked.Account, booked.Version, context);

    private async ValueTask HappenAsync(string subscription, string key, long version, EventContext context)
    {
        FailSometimes();
        if (settings.Disturbances.HasFlag(Disturbances.Outage))
            _dependency.Call();
        if (settings.Hangs && Draw(HangingShare))
            await HangAsync(context.Cancellation);
        if (Draw(SlowShare))
            await Patience.PauseAsync(Slow, context.Cancellation);
        await effects.AddAsync(new Effect(0, subscription, key, version, context.Id.ToString(), settings.Process, Clock.Now), context);
        // What is in no transaction stays, so a failure after it would be a repetition that no kill explains.
        if (settings.Mode == DeliveryGuarantee.ExactlyOnce)
            FailSometimes();
    }

    private Task HangAsync(CancellationToken cancellation) =>
        Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, Draw(0.5) ? cancellation : CancellationToken.None);

    private void FailSometimes()
    {
        if (Draw(FailureShare))
            throw new InvalidOperationException("A handler that fails now and then.");
    }

    private bool Draw(double share)
    {
        lock (_gate)
            return _random.NextDouble() < share;
    }
}
