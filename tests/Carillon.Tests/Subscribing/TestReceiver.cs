using Carillon.Transports;

namespace Carillon.Tests.Subscribing;

/// <summary>A receiver that notes what it is asked to do.</summary>
internal sealed class TestReceiver : ITransportReceiver
{
    /// <summary>What it was asked, in order.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>Where it would deliver.</summary>
    public IDeliverySink? Sink { get; private set; }

    /// <summary>What other living instances handle, as the receiver knows it; null while it cannot find out.</summary>
    public HandledMessages? Others { get; set; } = new([]);

    /// <summary>The partitions that it was asked to leave.</summary>
    public List<string> Left { get; } = [];

    /// <summary>What it is to keep.</summary>
    public IReadOnlyCollection<AssignedPartition> Abandoned { get; private set; } = [];

    /// <summary>Completes when nothing of that is being handled any more.</summary>
    public Task Handled { get; private set; } = Task.CompletedTask;

    public ValueTask<bool> LeaveAsync(string partition, RoutedType type, CancellationToken cancellation)
    {
        if (Others is not { } others)
            throw new IOException("The transport does not answer.");
        Left.Add(partition);
        return new ValueTask<bool>(others.Contains(type));
    }

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

    public void Abandon(IReadOnlyCollection<AssignedPartition> partitions, Task handled)
    {
        Calls.Add("abandon");
        (Abandoned, Handled) = (partitions, handled);
    }

    public ValueTask DisposeAsync()
    {
        Calls.Add("dispose");
        return ValueTask.CompletedTask;
    }
}
