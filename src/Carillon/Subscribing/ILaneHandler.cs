namespace Carillon.Subscribing;

/// <summary>What a worker does with the lanes that it takes. Each worker has one of its own.</summary>
internal interface ILaneHandler
{
    /// <summary>What runs or ran last, for people; null when nothing has.</summary>
    string? Current { get; }

    /// <summary>Says what is wrong with handling; nothing when all is well.</summary>
    IReadOnlyList<HealthFinding> CheckHealth() => [];

    /// <summary>
    /// Takes a delivery to its end, and more of its lane and of others where that is better, and releases every lane that it had.
    /// </summary>
    ValueTask HandleAsync(LaneDelivery item, LaneWorker worker);
}
