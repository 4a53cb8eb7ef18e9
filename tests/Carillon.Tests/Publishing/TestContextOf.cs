namespace Carillon.Tests.Publishing;

/// <summary>A message that is being handled, as far as publishing looks at it.</summary>
internal sealed class TestContextOf(Envelope envelope) : EventContext
{
    private readonly Envelope _envelope = envelope;

    public override ref readonly Envelope Envelope => ref _envelope;

    public override string Service => "orders";

    public override string Subscription => "orders";

    public override int Attempt => 1;

    public override IServiceProvider Services => throw new InvalidOperationException();

    public override IEventBus Bus => throw new InvalidOperationException();

    public override IUnitOfWork UnitOfWork => throw new InvalidOperationException();

    public override CancellationToken Cancellation => default;

    public override ValueTask ReturnAsync<TMessage>(TMessage? message)
        where TMessage : default => throw new InvalidOperationException();
}
