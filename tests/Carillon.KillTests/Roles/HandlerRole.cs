using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.KillTests;

/// <summary>Handles in both subscriptions, competing with the other handler processes.</summary>
internal static class HandlerRole
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);

    public static async Task RunAsync(RoleSettings settings, ITransportUnderTest transport)
    {
        var builder = Role.CreateHost();
        builder.Services.AddSingleton(settings).AddSingleton(transport).AddSingleton<Ledger>().AddSingleton(CreateEffects);
        builder.AddCarillon(Subscriptions.Ledger, carillon => transport.Use(carillon)
            .On<Deposited>((deposited, context) => context.Services.GetRequiredService<Ledger>().BookAsync(deposited, context))
            .On<Booked>((booked, context) => context.Services.GetRequiredService<Ledger>().AuditAsync(booked, context), Subscriptions.AuditOnly)
            .Subscription(subscription => Configure(subscription, settings.Mode)));
        // Publishers stop, or die, before all of theirs is sent: somebody else of their service goes on.
        if (transport.HasOutbox)
            builder.AddCarillon(Subscriptions.Bank, carillon => transport.Use(carillon));
        using var host = builder.Build();
        await transport.CreateEffectsAsync(host.Services);
        await host.StartAsync();
        Console.WriteLine(Role.Ready);
        await host.WaitForShutdownAsync();
    }

    // A failed message is parked at once and comes back soon, and never dies: the harness is about kills.
    private static void Configure(SubscriptionOptions subscription, DeliveryGuarantee mode)
    {
        subscription.Start = StartPosition.Beginning;
        subscription.Delivery = mode;
        subscription.Concurrency = 4;
        subscription.Retry(retry =>
        {
            retry.ImmediateAttempts = 1;
            retry.DelayedAttempts = 1_000;
            retry.FirstDelay = Soon;
            retry.MaxDelay = Soon;
        });
    }

    private static IEffects CreateEffects(IServiceProvider services)
    {
        var settings = services.GetRequiredService<RoleSettings>();
        var transport = services.GetRequiredService<ITransportUnderTest>();
        var own = new OwnConnectionEffects(services, transport);
        return settings switch
        {
            { Sabotage: Sabotage.SettleBeforeCommit } => new DetachedEffects(own),
            { Mode: DeliveryGuarantee.ExactlyOnce } => new UnitOfWorkEffects(),
            _ => own,
        };
    }
}
