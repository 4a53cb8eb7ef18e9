namespace Carillon.KillTests;

/// <summary>
/// Writes effects some time after the handler has finished: its message is settled before, and a kill in between loses the effect. This is
/// the fault that the harness must find.
/// </summary>
internal sealed class DetachedEffects(OwnConnectionEffects effects) : IEffects
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(800);

    public ValueTask AddAsync(Effect effect, EventContext context)
    {
        _ = AddLaterAsync(effect);
        return ValueTask.CompletedTask;
    }

    private async Task AddLaterAsync(Effect effect)
    {
        await Patience.PauseAsync(Delay, CancellationToken.None);
        await effects.AddAsync(effect);
    }
}
