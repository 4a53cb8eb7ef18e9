namespace Carillon.KillTests;

/// <summary>
/// Writes effects beside the handler, some time after it: its message may be settled before, and a kill in between loses the effect; and what the
/// handler takes back stays. These are faults that the harness must find.
/// </summary>
/// <param name="effects">What writes them.</param>
/// <param name="delay">After how long.</param>
internal sealed class DetachedEffects(OwnConnectionEffects effects, TimeSpan delay) : IEffects
{
    public ValueTask AddAsync(Effect effect, EventContext context)
    {
        _ = AddLaterAsync(effect);
        return ValueTask.CompletedTask;
    }

    private async Task AddLaterAsync(Effect effect)
    {
        await Patience.PauseAsync(delay, CancellationToken.None);
        await effects.AddAsync(effect);
    }
}
