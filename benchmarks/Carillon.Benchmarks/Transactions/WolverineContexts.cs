using JasperFx;
using JasperFx.Resources;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wolverine;
using Wolverine.EntityFrameworkCore;
using Wolverine.Postgresql;

namespace Carillon.Benchmarks;

/// <summary>A peer on the same server: Wolverine's outbox with Entity Framework Core, durable local queues and transactional handlers.</summary>
public sealed class WolverineContexts(string group, string server) : TransactionWorkload(group, "WolverineFx, contexts", server)
{
    protected override async Task<RunResult> RunAsync(TimeSpan duration, LatencyRecorder recorder)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddDbContextWithWolverineIntegration<ShopContext>(options => options.UseNpgsql(Server));
        builder.UseWolverine(options =>
        {
            options.PersistMessagesWithPostgresql(Server, "wolverine");
            options.UseEntityFrameworkCoreTransactions();
            options.Policies.AutoApplyTransactions();
            options.Policies.UseDurableLocalQueues();
            options.UseRuntimeCompilation();
            options.AutoBuildMessageStorageOnStartup = AutoCreate.CreateOrUpdate;
            options.Discovery.DisableConventionalDiscovery().IncludeType(typeof(WolverineHandler));
            options.LocalQueueFor<OrderCreated>().MaximumParallelMessages(Publishers);
        });
        builder.Services.AddResourceSetupOnStartup();
        using var host = builder.Build();
        await host.StartAsync();
        var result = await Benchmarks.Publishers.RunAsync(Publishers, duration, order => PublishAsync(host.Services, order), recorder, copies: 1);
        await host.StopAsync();
        return result;
    }

    private static async ValueTask PublishAsync(IServiceProvider services, OrderCreated order)
    {
        await using var scope = services.CreateAsyncScope();
        var outbox = scope.ServiceProvider.GetRequiredService<IDbContextOutbox<ShopContext>>();
        outbox.DbContext.Orders.Add(new Order { Number = order.OrderId, Total = order.TotalAmount });
        await outbox.PublishAsync(order);
        await outbox.SaveChangesAndFlushMessagesAsync();
    }
}
