namespace Carillon.Publishing;

/// <summary>What surrounds an event that is raised inside the process: the caller's scope, and an envelope that never travels.</summary>
internal sealed class LocalEventContext(Envelope envelope, string service, IServiceProvider services, EventBus bus, CancellationToken cancellation) : EventContext
{
    private readonly Envelope _envelope = envelope;

    public override ref readonly Envelope Envelope => ref _envelope;

    public override string Service => service;

    /// <summary>The service itself: a local event comes through no subscription.</summary>
    public override string Subscription => service;

    public override int Attempt => 1;

    public override IServiceProvider Services => services;

    public override IEventBus Bus => bus;

    public override IUnitOfWork UnitOfWork => AmbientContext.UnitOfWork?.Work ?? throw new CarillonException(ErrorCodes.InvalidUnitOfWork,
        "The event was raised outside a unit of work: begin one with IEventBus.BeginAsync before raising it.");

    public override CancellationToken Cancellation => cancellation;

    /// <summary>What a local handler returns leaves the process: it is published or sent by the service's bus.</summary>
    public override ValueTask ReturnAsync<TMessage>(TMessage? message)
        where TMessage : default => bus.DispatchAsync(message, null, cancellation);
}
