using Carillon.Subscribing;

namespace Carillon.Tests.Subscribing;

/// <summary>For workers that only stand for somebody who has a lane, and handle nothing.</summary>
internal sealed class IdleLaneHandler : ILaneHandler
{
    public string? Current => null;

    public ValueTask HandleAsync(LaneDelivery item, LaneWorker worker) => throw new InvalidOperationException("nobody runs this worker");
}
