namespace Carillon.KillTests;

/// <summary>How handlers write their effects.</summary>
internal interface IEffects
{
    ValueTask AddAsync(Effect effect, EventContext context);
}
