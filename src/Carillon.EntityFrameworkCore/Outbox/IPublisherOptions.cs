using Carillon.Durability;

namespace Carillon.EntityFrameworkCore;

/// <summary>What the options of a context know of the service that publishes.</summary>
internal interface IPublisherOptions
{
    /// <summary>The service. Found when it is first needed, so that tools can build a model without a host that runs.</summary>
    /// <exception cref="CarillonConfigurationException">There is none of that name, or it is not clear which one is meant.</exception>
    PublishingService Publisher { get; }

    /// <summary>The store of the service, or null: tools work with contexts of hosts that were never built.</summary>
    IUnitOfWorkStore? Store { get; }
}
