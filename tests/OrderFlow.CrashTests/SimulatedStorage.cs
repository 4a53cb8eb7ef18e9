using System.Data.Common;
using Carillon;
using Carillon.Testing;
using Microsoft.Extensions.DependencyInjection;
using OrderFlow.Storage;

namespace OrderFlow.CrashTests;

/// <summary>The shop's storage where transport and store are the world's.</summary>
internal sealed class SimulatedStorage : IShopStorage
{
    public string Name => "simulation";

    public string RunningNumber => "INTEGER PRIMARY KEY AUTOINCREMENT";

    public string? TakeTurns => null;

    public ICarillonBuilder Use(ICarillonBuilder carillon) => carillon;

    public ValueTask<DbConnection> OpenAsync(IServiceProvider services, CancellationToken cancellation) =>
        ValueTask.FromResult(services.GetRequiredService<SimulatedConnections>().Open());
}
