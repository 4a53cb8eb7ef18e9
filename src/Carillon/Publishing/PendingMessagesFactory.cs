using Carillon.Durability;

namespace Carillon.Publishing;

/// <summary>Lets messages of one service wait for transactions of others.</summary>
internal sealed class PendingMessagesFactory(string service, OpenUnitsOfWork open) : IPendingMessagesFactory
{
    /// <inheritdoc/>
    public string Service => service;

    /// <inheritdoc/>
    public IUnitOfWork? Current => AmbientContext.UnitOfWork?.Work;

    /// <inheritdoc/>
    public IPendingMessages Create() => new PendingMessages(service, open);
}
