namespace Carillon.KillTests;

/// <summary>Which kinds a generation publishes and handles.</summary>
internal static class Movements
{
    /// <summary>Makes the movement of a version: which kind it is follows from the version.</summary>
    public static IMovement Create(Generation generation, string account, long version) => (generation, version % 4) switch
    {
        (Generation.Older, 1) => new Withdrawn(account, version),
        (Generation.Newer, 1) => new WithdrawnInCurrency(account, version, "EUR"),
        (Generation.Newer, 3) => new InterestPaid(account, version),
        _ => new Deposited(account, version),
    };

    /// <summary>Publishes one, under its own type.</summary>
    public static ValueTask PublishMovementAsync(this IEventBus bus, IMovement movement) => movement switch
    {
        Withdrawn withdrawn => bus.PublishAsync(withdrawn),
        WithdrawnInCurrency withdrawn => bus.PublishAsync(withdrawn),
        InterestPaid interest => bus.PublishAsync(interest),
        Deposited deposited => bus.PublishAsync(deposited),
        _ => throw new ArgumentOutOfRangeException(nameof(movement)),
    };

    /// <summary>Publishes one with the rows of a context, under its own type.</summary>
    public static void PublishMovement(this BankContext bank, IMovement movement)
    {
        switch (movement)
        {
            case Withdrawn withdrawn:
                bank.Publish(withdrawn);
                break;
            case WithdrawnInCurrency withdrawn:
                bank.Publish(withdrawn);
                break;
            case InterestPaid interest:
                bank.Publish(interest);
                break;
            case Deposited deposited:
                bank.Publish(deposited);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(movement));
        }
    }

    /// <summary>Subscribes to what a generation handles.</summary>
    public static ICarillonBuilder OnMovements(this ICarillonBuilder carillon, Generation generation, Func<IMovement, EventContext, Task> handle)
    {
        carillon.On<Deposited>((movement, context) => handle(movement, context)).On<Withdrawn>((movement, context) => handle(movement, context));
        return generation == Generation.Older ? carillon : carillon
            .On<WithdrawnInCurrency>((movement, context) => handle(movement, context))
            .On<InterestPaid>((movement, context) => handle(movement, context));
    }
}
