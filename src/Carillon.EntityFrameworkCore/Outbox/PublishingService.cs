using Carillon.Durability;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.EntityFrameworkCore;

/// <summary>The service for which contexts publish.</summary>
internal sealed class PublishingService(IPendingMessagesFactory messages, IEventBus bus, IUnitOfWorkStore? store)
{
    public IPendingMessagesFactory Messages => messages;

    public IEventBus Bus => bus;

    /// <exception cref="CarillonException">With <see cref="ErrorCodes.InvalidUnitOfWork"/>: the service has none.</exception>
    public IUnitOfWorkStore Store => store ?? throw new CarillonException(ErrorCodes.InvalidUnitOfWork,
        $"Service {messages.Service} has no store that a DbContext could share a transaction with: choose one, such as UseSqlite or UsePostgreSql, on the database of the context.");

    public static PublishingService Find(IServiceProvider application, string? service)
    {
        var messages = service is null ? Only(application) : application.GetKeyedService<IPendingMessagesFactory>(service);
        if (messages is null)
        {
            throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration,
                $"UseCarillon finds no service{(service is null ? "" : $" {service}")} in this host: add it with AddCarillon.");
        }

        return new(
            messages,
            application.GetRequiredKeyedService<IEventBus>(messages.Service),
            application.GetKeyedService<IUnitOfWorkStore>(messages.Service));
    }

    public static IUnitOfWorkStore? FindStore(IServiceProvider application, string? service) =>
        (service ?? Only(application)?.Service) is { } name ? application.GetKeyedService<IUnitOfWorkStore>(name) : null;

    private static IPendingMessagesFactory? Only(IServiceProvider application)
    {
        try
        {
            return application.GetService<IPendingMessagesFactory>();
        }
        catch (InvalidOperationException exception)
        {
            throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration,
                $"This host runs several services, so say which one a DbContext publishes for: UseCarillon(provider, \"name\"). {exception.Message}", exception);
        }
    }
}
