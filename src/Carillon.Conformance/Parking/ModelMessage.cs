using Carillon.Parking;

namespace Carillon.Conformance.Parking;

/// <summary>A parked message as the naive model knows it.</summary>
internal sealed class ModelMessage(int number, string? key, string partition)
{
    public int Number => number;

    public string? Key => key;

    public string Partition => partition;

    public ParkedState State { get; set; }

    public bool BlocksKey { get; set; } = true;

    public DateTimeOffset Due { get; set; }

    /// <summary>Whether the owner has it as the first one of a run.</summary>
    public bool IsClaimed { get; set; }

    public int Attempts { get; set; }

    public bool IsReplayed { get; set; }

    /// <summary>Whether nothing waits behind it.</summary>
    public bool IsPassable => State == ParkedState.Dead && !BlocksKey;
}
