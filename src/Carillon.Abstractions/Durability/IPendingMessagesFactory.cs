namespace Carillon.Durability;

/// <summary>
/// For packages that bring transactions of their own: lets messages of a service wait for them. Registered with the service's name as key,
/// and without one where the host has a single service.
/// </summary>
public interface IPendingMessagesFactory
{
    /// <summary>The service.</summary>
    string Service { get; }

    /// <summary>The unit of work that the calling code runs in, or null.</summary>
    IUnitOfWork? Current { get; }

    /// <summary>Creates an empty place to wait.</summary>
    IPendingMessages Create();
}
