namespace Carillon.KillTests;

/// <summary>Brings something back, once.</summary>
internal sealed class Restoration(Func<ValueTask> restore) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => restore();
}
