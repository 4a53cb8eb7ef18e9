namespace Carillon.KillTests;

/// <summary>Writes each effect at once, in a transaction of its own: at least once.</summary>
internal sealed class OwnConnectionEffects(IServiceProvider services, ITransportUnderTest transport) : IEffects
{
    public ValueTask AddAsync(Effect effect, EventContext context) => AddAsync(effect);

    /// <summary>Writes an effect outside of a handler.</summary>
    public async ValueTask AddAsync(Effect effect)
    {
        await using var connection = await transport.OpenConnectionAsync(services);
        await EffectSql.AddAsync(connection, null, effect);
    }
}
