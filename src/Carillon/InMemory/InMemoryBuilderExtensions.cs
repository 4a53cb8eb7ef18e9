using Carillon.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Carillon;

/// <summary>Chooses the in-memory transport.</summary>
public static class InMemoryBuilderExtensions
{
    /// <summary>
    /// Moves messages in memory between the services of this host. Nothing is dropped while the process lives: when a subscription is full,
    /// who publishes to it waits, and nobody else. Messages do not survive the process.
    /// </summary>
    /// <param name="carillon">The service.</param>
    /// <param name="configure">Sets the options; settings of the section <c>Carillon:InMemory</c> win over it.</param>
    /// <exception cref="CarillonConfigurationException">At start, with <see cref="ErrorCodes.InvalidConfiguration"/>: an option is out of range.</exception>
    public static ICarillonBuilder UseInMemory(this ICarillonBuilder carillon, Action<InMemoryOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(carillon);
        var options = carillon.Options<InMemoryOptions>();
        configure?.Invoke(options);
        carillon.Services.TryAddSingleton<InMemoryBroker>();
        carillon.ReadSettings("InMemory", options.Read);
        return carillon.UseTransport("in memory", services => Create(services, options));
    }

    private static InMemoryTransport Create(IServiceProvider services, InMemoryOptions options)
    {
        options.Validate();
        return new InMemoryTransport(services.GetRequiredService<InMemoryBroker>(), options, services.GetService<TimeProvider>() ?? TimeProvider.System);
    }
}
