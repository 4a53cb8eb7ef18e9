namespace Carillon.SourceGenerator.Tests.Running;

/// <summary>A context that keeps what handlers return, and has a unit of work when it is given one.</summary>
internal sealed class RecordingContext(IServiceProvider services, IEventBus bus, CancellationToken cancellation) : EventContext
{
    private readonly Envelope _envelope = new() { Id = EventId.Parse("e-1"), Type = "sample.placed", Topic = "sample.placed" };

    public List<(Type Type, object Message)> Returned { get; } = [];

    public override ref readonly Envelope Envelope => ref _envelope;

    public override string Service => "sample";

    public override string Subscription => "sample";

    public override int Attempt => 1;

    public override IServiceProvider Services => services;

    public override IEventBus Bus => bus;

    public IUnitOfWork? Work { get; set; }

    public override IUnitOfWork UnitOfWork => Work ?? throw new CarillonException(ErrorCodes.InvalidUnitOfWork, "There is none.");

    public override CancellationToken Cancellation => cancellation;

    public override ValueTask ReturnAsync<TMessage>(TMessage? message)
        where TMessage : default
    {
        if (message is not null)
            Returned.Add((typeof(TMessage), message));
        return ValueTask.CompletedTask;
    }
}
