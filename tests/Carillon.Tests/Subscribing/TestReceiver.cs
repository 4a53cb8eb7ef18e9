using Carillon.Transports;

namespace Carillon.Tests.Subscribing;

/// <summary>A receiver that notes what it is asked to do.</summary>
internal sealed class TestReceiver : ITransportReceiver
{
    /// <summary>What it was asked, in order.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>Where it would deliver.</summary>
    public IDeliverySink? Sink { get; private set; }

    public ValueTask StartAsync(IDeliverySink sink, CancellationToken cancellation)
    {
        Calls.Add("start");
        Sink = sink;
        return ValueTask.CompletedTask;
    }

    public ValueTask StopAsync(CancellationToken cancellation)
    {
        Calls.Add("stop");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Calls.Add("dispose");
        return ValueTask.CompletedTask;
    }
}
