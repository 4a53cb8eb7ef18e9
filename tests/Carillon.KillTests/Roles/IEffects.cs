namespace Carillon.KillTests;

/// <summary>How handlers write their effects.</summary>
internal interface IEffects
{
    ValueTask AddAsync(Effect effect, EventContext context);

    /// <summary>Publishes what goes with an effect.</summary>
    ValueTask PublishAsync(Booked booked, EventContext context) => context.Bus.PublishAsync(booked, context.Cancellation);
}
