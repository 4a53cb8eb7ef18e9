namespace Carillon.KillTests;

/// <summary>Writes effects in the handler's unit of work: exactly once.</summary>
internal sealed class UnitOfWorkEffects : IEffects
{
    public ValueTask AddAsync(Effect effect, EventContext context) =>
        EffectSql.AddAsync(context.UnitOfWork.Connection, context.UnitOfWork.Transaction, effect);
}
