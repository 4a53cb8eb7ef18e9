using System.Diagnostics.CodeAnalysis;

namespace Carillon.Testing.Transports;

/// <summary>Ends what a loop waits for, because there is something to do. The loop arms it first and then looks, so that nothing is missed.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing, and whoever cancels it may do so at any moment.")]
internal sealed class WakeSource
{
    private readonly Lock _gate = new();
    private CancellationTokenSource _source = new();

    /// <summary>A token that the next <see cref="Raise"/> cancels.</summary>
    public CancellationToken Arm()
    {
        lock (_gate)
        {
            if (_source.IsCancellationRequested)
                _source = new CancellationTokenSource();
            return _source.Token;
        }
    }

    /// <summary>There is something to do.</summary>
    public void Raise()
    {
        CancellationTokenSource source;
        lock (_gate)
            source = _source;
        source.Cancel();
    }
}
