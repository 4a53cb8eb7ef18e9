using Carillon.Events;

namespace Carillon.Publishing;

/// <summary>Runs the local handlers of events, one after the other, in the scope that this bus was made for.</summary>
internal sealed class LocalEventBus(
    string service, LocalHandlers handlers, MessageCatalog catalog, EnvelopeFactory envelopes, EventBus bus, IServiceProvider services) : ILocalEventBus
{
    public async ValueTask RaiseAsync<TEvent>(TEvent message, CancellationToken cancellation = default)
        where TEvent : notnull
    {
        ArgumentNullException.ThrowIfNull(message);
        var definition = catalog.Get(message.GetType());
        if (definition.Kind != MessageKind.Event)
            throw new CarillonException(ErrorCodes.WrongMessageKind, $"{definition.Name} is a command: send it with IEventBus.SendAsync.");
        var interested = handlers.For(message.GetType());
        if (interested.Length == 0)
            return;
        var envelope = definition.Accept(EnvelopeMaker.Instance, (envelopes, (object)message));
        var context = new LocalEventContext(envelope, service, services, bus, cancellation);
        foreach (var handler in interested)
        {
            cancellation.ThrowIfCancellationRequested();
            await handler.InvokeAsync(handler.IsBatch ? handler.CreateBatch([message]) : message, context, cancellation);
        }
    }

    private sealed class EnvelopeMaker : IMessageVisitor<(EnvelopeFactory Envelopes, object Message), Envelope>
    {
        public static readonly EnvelopeMaker Instance = new();

        public Envelope Visit<TMessage>(MessageDefinition<TMessage> definition, (EnvelopeFactory Envelopes, object Message) state)
            where TMessage : notnull => state.Envelopes.Create(definition, (TMessage)state.Message, null, ReadOnlyMemory<byte>.Empty);
    }
}
