using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.KillTests;

/// <summary>Handles in both subscriptions, competing with the other handler processes.</summary>
internal static class HandlerRole
{
    /// <summary>How long a process may take to stop.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);

    public static async Task RunAsync(RoleSettings settings, ITransportUnderTest transport)
    {
        var builder = Role.CreateHost();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = Grace);
        builder.Services.AddSingleton(settings).AddSingleton(transport).AddSingleton<Ledger>().AddSingleton(CreateEffects);
        if (settings.UsesContexts)
            builder.Services.AddBank(settings.Seed, Subscriptions.Ledger, transport.Use);
        builder.AddCarillon(Subscriptions.Ledger, carillon => Handle(transport.Use(carillon), settings)
            .Subscription(subscription => Configure(subscription, settings)));
        // Publishers stop, or die, before all of theirs is sent: somebody else of their service goes on.
        if (transport.HasOutbox)
            builder.AddCarillon(Subscriptions.Bank, carillon => transport.Use(carillon));
        if (settings.Disturbances.HasFlag(Disturbances.Pause))
            builder.Services.AddHostedService<Operator>();
        using var host = builder.Build();
        await transport.CreateTablesAsync(host.Services);
        if (settings.UsesContexts)
            await BankContexts.WarmUpAsync(host.Services);
        await host.StartAsync();
        Console.WriteLine(Role.Ready);
        await host.WaitForShutdownAsync();
        if (settings.Sabotage == Sabotage.StayBehind)
            await Patience.PauseAsync(Timeout.InfiniteTimeSpan, CancellationToken.None);
    }

    private static ICarillonBuilder Handle(ICarillonBuilder carillon, RoleSettings settings) => settings switch
    {
        { UsesContexts: true, Generation: Generation.Older } => carillon.AddHandlers(typeof(ContextHandlers)),
        { UsesContexts: true } => carillon.AddHandlers(typeof(ContextHandlers), typeof(NewerContextHandlers)),
        _ => carillon
            .OnMovements(settings.Generation, (movement, context) => context.Services.GetRequiredService<Ledger>().BookAsync(movement, context))
            .On<Booked>((booked, context) => context.Services.GetRequiredService<Ledger>().AuditAsync(booked, context), Subscriptions.AuditOnly),
    };

    private static void Configure(SubscriptionOptions subscription, RoleSettings settings)
    {
        subscription.Start = StartPosition.Beginning;
        subscription.Delivery = settings.Mode;
        subscription.Concurrency = 4;
        // The newest version is killed like the others: what it handles waits for it, and does so too while it is rolled back.
        subscription.UnhandledGrace = TimeSpan.FromHours(1);
        if (settings is { Sabotage: Sabotage.PassByWhatIsNew, Generation: Generation.Older })
            (subscription.UnhandledTypes, subscription.UnhandledGrace) = (UnhandledTypes.Ignore, TimeSpan.Zero);
        subscription.Retry(retry => Configure(retry, settings));
    }

    private static void Configure(RetryOptions retry, RoleSettings settings)
    {
        // Processes are killed far more often than any message kills them. Only where handlers may fail for good are they told of that.
        if (!settings.Disturbances.HasFlag(Disturbances.Pause))
            retry.MaxDeaths = 0;
        // A failed message is parked at once and comes back soon. It never dies: the harness is about kills.
        retry.ImmediateAttempts = 1;
        retry.DelayedAttempts = 1_000;
        retry.FirstDelay = retry.MaxDelay = Soon;
        // Except where a phantom is looked for: then every failure is for good, until the operator sees it.
        if (settings.Disturbances.HasFlag(Disturbances.Pause) || settings.Sabotage == Sabotage.GiveUpEarly)
            retry.DelayedAttempts = 0;
        // And where the attempts are as few as anybody's: they end before an outage of ten seconds does, but not before there are enough of them to tell it from bad messages.
        else if (settings.Disturbances.HasFlag(Disturbances.Outage))
            (retry.ImmediateAttempts, retry.DelayedAttempts, retry.FirstDelay, retry.MaxDelay) = (2, 8, 2 * Soon, 20 * Soon);
    }

    private static IEffects CreateEffects(IServiceProvider services)
    {
        var settings = services.GetRequiredService<RoleSettings>();
        var transport = services.GetRequiredService<ITransportUnderTest>();
        var own = new OwnConnectionEffects(services, transport);
        return settings switch
        {
            { Sabotage: Sabotage.SettleBeforeCommit } => new DetachedEffects(own, Late),
            { Sabotage: Sabotage.WriteOutside } => new DetachedEffects(own, Soon),
            { UsesContexts: true } => new ContextEffects(settings.Seed),
            { Mode: DeliveryGuarantee.ExactlyOnce } => new UnitOfWorkEffects(),
            _ => own,
        };
    }
}
