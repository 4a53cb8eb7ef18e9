namespace Carillon.KillTests;

/// <summary>The handlers: each writes down what happened; the first publishes what the second waits for. Now and then one fails, or takes its time.</summary>
internal sealed class Ledger(IEffects effects, RoleSettings settings)
{
    private const double FailureShare = 0.06;
    private const double SlowShare = 0.2;
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(15);
    private readonly Random _random = new(settings.Seed);
    private readonly Lock _gate = new();

    public async Task BookAsync(Deposited deposited, EventContext context)
    {
        await HappenAsync(Subscriptions.Ledger, deposited.Account, deposited.Version, context);
        await context.Bus.PublishAsync(new Booked(deposited.Account, deposited.Version), context.Cancellation);
    }

    public async Task AuditAsync(Booked booked, EventContext context) =>
        await HappenAsync(Subscriptions.Audit, booked.Account, booked.Version, context);

    private async ValueTask HappenAsync(string subscription, string key, long version, EventContext context)
    {
        FailSometimes();
        if (Draw(SlowShare))
            await Patience.PauseAsync(Slow, context.Cancellation);
        await effects.AddAsync(new Effect(0, subscription, key, version, context.Id.ToString(), settings.Process, Clock.Now), context);
        // What is in no transaction stays, so a failure after it would be a repetition that no kill explains.
        if (settings.Mode == DeliveryGuarantee.ExactlyOnce)
            FailSometimes();
    }

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
